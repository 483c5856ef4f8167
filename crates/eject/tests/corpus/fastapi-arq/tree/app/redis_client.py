import functools
import os

import redis.asyncio as aioredis


@functools.cache
def get_redis() -> aioredis.Redis:
    return aioredis.from_url(os.environ["REDIS_URL"], decode_responses=True)
