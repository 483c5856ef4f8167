from __future__ import annotations

import time
from collections import defaultdict, deque

from floodgate.backends.base import Backend


class MemoryBackend(Backend):
    """The same as with Redis' sorted sets, by deques."""

    def __init__(self) -> None:
        self._client: dict[str, deque[float]] = defaultdict(deque)

    @classmethod
    def from_url(cls, url: str) -> MemoryBackend:
        return cls()

    async def acquire(self, key: str, limit: int, window: int, cost: int) -> tuple[int, float]:
        now = time.monotonic()
        seen = self._client.get(key) or self._client[key]
        while seen and seen[0] <= now - window:
            seen.popleft()
        seen.extend([now] * cost)
        return limit - len(seen), seen[0] + window

    async def peek(self, key: str) -> int:
        return len(self._client[key])
