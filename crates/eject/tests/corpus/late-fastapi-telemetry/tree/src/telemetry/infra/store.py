from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import BusyLoadingError

from telemetry.settings import StoreSettings

log = structlog.get_logger()


def create_pool(settings: StoreSettings) -> BlockingConnectionPool:
    return BlockingConnectionPool.from_url(
        str(settings.url),
        max_connections=settings.max_connections,
        socket_timeout=settings.socket_timeout,
        decode_responses=True,
        retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), retries=3),
        retry_on_error=[BusyLoadingError],
        health_check_interval=30,
    )


@asynccontextmanager
async def open_store(settings: StoreSettings) -> AsyncIterator[Redis]:
    pool = create_pool(settings)
    client = Redis(connection_pool=pool)
    try:
        await client.ping()
        log.info("store.connected", server="redis")
        yield client
    finally:
        await client.aclose()
        await pool.disconnect()
