from ragdesk.limits.bucket import TokenBucket, Verdict
from ragdesk.limits.local import openai_gate

__all__ = ["TokenBucket", "Verdict", "openai_gate"]
