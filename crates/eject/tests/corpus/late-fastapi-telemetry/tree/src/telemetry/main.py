from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI
from fastapi_limiter import FastAPILimiter
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded

from telemetry.api import devices, ingest, live, reports
from telemetry.api.local_limits import limiter
from telemetry.infra.store import open_store
from telemetry.settings import get_settings

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app: FastAPI):
    settings = get_settings()
    async with AsyncExitStack() as stack:
        app.state.redis = await stack.enter_async_context(open_store(settings.redis))
        app.state.arq = await create_pool(RedisSettings.from_dsn(str(settings.redis.url)), default_queue_name="firmware")
        stack.push_async_callback(app.state.arq.aclose)
        await FastAPILimiter.init(app.state.redis, prefix="limits")
        log.info("started")
        yield
        await FastAPILimiter.close()


def create_app() -> FastAPI:
    app = FastAPI(title="telemetry", lifespan=lifespan)
    app.state.limiter = limiter
    app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
    app.include_router(ingest.router)
    app.include_router(devices.router)
    app.include_router(live.router)
    app.include_router(reports.router)
    return app


app = create_app()
