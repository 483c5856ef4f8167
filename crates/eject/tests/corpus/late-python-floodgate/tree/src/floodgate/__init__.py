"""Rate limits for asyncio."""

from floodgate.errors import BackendError, MissingExtra
from floodgate.gate import Gate, open_gate

__all__ = ["BackendError", "Gate", "MissingExtra", "open_gate"]
