from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from redis.asyncio import ConnectionPool, Redis

from ticker.repositories import MemoryQuotes, Quotes, RedisQuotes
from ticker.settings import Settings, get_settings


def make_pool(settings: Settings) -> ConnectionPool:
    return ConnectionPool.from_url(str(settings.redis_url), max_connections=100, decode_responses=True)


async def get_redis(request: Request) -> AsyncIterator[Redis]:
    async with Redis(connection_pool=request.app.state.pool) as client:
        yield client


RedisDep = Annotated[Redis, Depends(get_redis)]


async def get_quotes(client: RedisDep, settings: Annotated[Settings, Depends(get_settings)]) -> Quotes:
    if settings.cache_seconds == 0:
        return MemoryQuotes()
    return RedisQuotes(client, settings.cache_seconds)


QuotesDep = Annotated[Quotes, Depends(get_quotes)]
