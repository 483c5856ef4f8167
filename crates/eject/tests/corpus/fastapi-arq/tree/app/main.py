from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_limiter import FastAPILimiter
from fastapi_limiter.depends import RateLimiter

from app import tokens
from app.db import pool
from app.redis_client import get_redis


@asynccontextmanager
async def lifespan(app: FastAPI):
    await FastAPILimiter.init(get_redis())
    yield
    await FastAPILimiter.close()


api = FastAPI(lifespan=lifespan)


@api.post("/login", dependencies=[Depends(RateLimiter(times=5, seconds=60))])
async def login(user: str):
    return {"refresh": await tokens.issue(user), "pool": pool}
