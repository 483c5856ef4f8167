from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis.asyncio import Redis

SEEN = "devices:seen"


class RedisLatestRepository:
    def __init__(self, redis: Redis, ttl: int = 86_400) -> None:
        self._redis = redis
        self._ttl = ttl

    async def put(self, device: str, values: Mapping[str, float], at: float) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hset(f"latest:{device}", mapping={k: str(v) for k, v in values.items()})
            pipe.expire(f"latest:{device}", self._ttl)
            pipe.zadd(SEEN, {device: at}, gt=True)
            await pipe.execute()

    async def get(self, device: str) -> dict[str, float]:
        raw = await self._redis.hgetall(f"latest:{device}")
        return {k: float(v) for k, v in raw.items()}

    async def silent_since(self, at: float) -> list[str]:
        return await self._redis.zrangebyscore(SEEN, "-inf", at, start=0, num=500)
