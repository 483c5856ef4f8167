from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi_limiter import FastAPILimiter
from fastapi_limiter.depends import RateLimiter
from redis.asyncio import Redis
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from sse_starlette.sse import EventSourceResponse
from starlette.middleware.sessions import SessionMiddleware

from ticker import events, fx, health
from ticker.deps import QuotesDep, RedisDep, make_pool
from ticker.limits import limiter
from ticker.repositories import Quote
from ticker.settings import get_settings
from ticker.tasks import backfill, broker


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = make_pool(get_settings())
    await FastAPILimiter.init(Redis(connection_pool=app.state.pool), prefix="ticker-limit")
    if not broker.is_worker_process:
        await broker.startup()
    yield
    await broker.shutdown()
    await FastAPILimiter.close()
    await app.state.pool.aclose()


app = FastAPI(lifespan=lifespan)
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.add_middleware(SessionMiddleware, secret_key=get_settings().secret.get_secret_value())
app.include_router(health.router)


@app.get("/quotes/{symbol}", dependencies=[Depends(RateLimiter(times=20, seconds=10))])
async def read(symbol: str, quotes: QuotesDep) -> Quote:
    quote = await quotes.get(symbol)
    if quote is None:
        raise HTTPException(404)
    return quote


@app.put("/quotes/{symbol}")
@limiter.limit("10/second")
async def write(request: Request, symbol: str, price: float, quotes: QuotesDep, client: RedisDep) -> None:
    await quotes.set(Quote(symbol, price * await fx.euro()))
    await events.publish(client, symbol, price)


@app.post("/quotes/{symbol}/backfill", status_code=202)
async def fill(symbol: str, days: int = 30) -> dict[str, str]:
    task = await backfill.kiq(symbol, days)
    return {"task": task.task_id}


@app.get("/stream")
async def stream(client: RedisDep, last_event_id: Annotated[str | None, Header()] = None):
    missed = await events.since(client, last_event_id) if last_event_id else []

    async def all_events():
        for event in missed:
            yield event
        async for event in events.live(client):
            yield event

    return EventSourceResponse(all_events())
