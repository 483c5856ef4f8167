from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_cache import FastAPICache
from fastapi_cache.backends.redis import RedisBackend
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded

from ragdesk.api import ask, documents, events
from ragdesk.chains import llm
from ragdesk.kv import lifespan_kv
from ragdesk.limits.http import limiter


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with lifespan_kv(app) as kv:
        FastAPICache.init(RedisBackend(kv), prefix="ragdesk")
        llm.install_cache()
        yield


app = FastAPI(title="ragdesk", lifespan=lifespan)
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.include_router(ask.router)
app.include_router(documents.router)
app.include_router(events.router)
