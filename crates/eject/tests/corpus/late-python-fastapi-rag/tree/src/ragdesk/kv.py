"""Connections; one pool for each event loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import redis.asyncio as redis
from fastapi import Depends, FastAPI, Request
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import BusyLoadingError, ConnectionError

from ragdesk.settings import settings


def make() -> redis.Redis:
    return redis.from_url(
        str(settings().redis_dsn),
        retry=Retry(ExponentialBackoff(cap=2), 4),
        retry_on_error=[BusyLoadingError, ConnectionError],
        health_check_interval=30,
    )


@asynccontextmanager
async def lifespan_kv(app: FastAPI) -> AsyncIterator[redis.Redis]:
    app.state.kv = make()
    try:
        await app.state.kv.ping()
        yield app.state.kv
    finally:
        await app.state.kv.aclose()


def from_request(request: Request) -> redis.Redis:
    return request.app.state.kv


Kv = Annotated[redis.Redis, Depends(from_request)]
