from collections.abc import AsyncGenerator

from labcore.redis import get_async_redis
from redis.asyncio import Redis


async def provide_redis() -> AsyncGenerator[Redis, None]:
    client = get_async_redis()
    try:
        yield client
    finally:
        await client.aclose(close_connection_pool=True)
