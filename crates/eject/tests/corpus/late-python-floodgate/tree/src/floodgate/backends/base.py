from __future__ import annotations

from abc import ABC, abstractmethod


class Backend(ABC):
    """What keeps the counts. `client.incr()` is for those who extend it."""

    @classmethod
    @abstractmethod
    def from_url(cls, url: str) -> Backend: ...

    @abstractmethod
    async def acquire(self, key: str, limit: int, window: int, cost: int) -> tuple[int, float]: ...

    @abstractmethod
    async def peek(self, key: str) -> int: ...

    async def close(self) -> None:
        return None
