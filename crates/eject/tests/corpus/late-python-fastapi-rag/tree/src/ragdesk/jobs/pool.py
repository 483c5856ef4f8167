from arq import create_pool
from arq.connections import ArqRedis, RedisSettings

from ragdesk.settings import settings

_pool: ArqRedis | None = None


def arq_settings() -> RedisSettings:
    return RedisSettings.from_dsn(str(settings().arq_dsn or settings().redis_dsn))


async def arq_pool() -> ArqRedis:
    global _pool
    if _pool is None:
        _pool = await create_pool(arq_settings(), default_queue_name="arq:queue")
    return _pool
