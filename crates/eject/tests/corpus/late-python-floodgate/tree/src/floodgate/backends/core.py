from __future__ import annotations

import coredis

from floodgate.backends.base import Backend


class CoreBackend(Backend):
    def __init__(self, url: str) -> None:
        self._client = coredis.Redis.from_url(url, decode_responses=True)

    @classmethod
    def from_url(cls, url: str) -> CoreBackend:
        return cls(url)

    async def acquire(self, key: str, limit: int, window: int, cost: int) -> tuple[int, float]:
        async with await self._client.pipeline(transaction=True) as pipe:
            await pipe.incrby(key, cost)
            await pipe.expire(key, window)
            used, _ = await pipe.execute()
        return limit - used, float(window)

    async def peek(self, key: str) -> int:
        return int(await self._client.get(key) or 0)

    async def close(self) -> None:
        self._client.connection_pool.disconnect()
