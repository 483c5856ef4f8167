"""The account has one limit for all processes of a pod; the pods share by count."""

from aiolimiter import AsyncLimiter

openai_gate = AsyncLimiter(max_rate=30, time_period=60)
