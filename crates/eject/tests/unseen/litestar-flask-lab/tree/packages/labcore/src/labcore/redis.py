"""One pool for each process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis
import redis.asyncio as aioredis

from labcore.settings import get_settings

_pool: redis.ConnectionPool | None = None


def get_redis() -> redis.Redis:
    global _pool
    settings = get_settings()
    if _pool is None:
        _pool = redis.BlockingConnectionPool.from_url(
            str(settings.redis_url),
            max_connections=20,
        )
    return redis.Redis(connection_pool=_pool, decode_responses=True)


def get_async_redis() -> aioredis.Redis:
    return aioredis.from_url(str(get_settings().redis_url), decode_responses=True)


@asynccontextmanager
async def async_sample_lock(client: aioredis.Redis, barcode: str) -> AsyncIterator[None]:
    async with client.lock(f"lock:sample:{barcode}", timeout=15):
        yield
