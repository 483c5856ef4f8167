from __future__ import annotations

import aiomcache

from floodgate.backends.base import Backend


class MemcachedBackend(Backend):
    def __init__(self, host: str, port: int = 11211) -> None:
        self._client = aiomcache.Client(host, port)

    @classmethod
    def from_url(cls, url: str) -> MemcachedBackend:
        return cls(url.removeprefix("memcached://"))

    async def acquire(self, key: str, limit: int, window: int, cost: int) -> tuple[int, float]:
        await self._client.add(key.encode(), b"0", exptime=window)
        used = await self._client.incr(key.encode(), cost)
        return limit - int(used or 0), float(window)

    async def peek(self, key: str) -> int:
        return int(await self._client.get(key.encode()) or 0)
