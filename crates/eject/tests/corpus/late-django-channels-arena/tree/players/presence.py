from __future__ import annotations

import os
import time

import redis.asyncio as aioredis

_pool = aioredis.ConnectionPool.from_url(os.environ.get("BOARDS_URL", "redis://127.0.0.1:6379/2"), max_connections=50)


class Presence:
    def __init__(self, room: str) -> None:
        self._key = f"presence:{room}"
        self._redis = aioredis.Redis(connection_pool=_pool)

    async def enter(self, player: int) -> int:
        now = time.time()
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zadd(self._key, {player: now})
            pipe.zremrangebyscore(self._key, "-inf", now - 60)
            pipe.zcard(self._key)
            *_, online = await pipe.execute()
        return online

    async def leave(self, player: int) -> None:
        await self._redis.zrem(self._key, player)
