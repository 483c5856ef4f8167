from typing import Annotated

from arq.connections import ArqRedis
from fastapi import Depends, Request
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from telemetry.infra.db import get_session
from telemetry.repositories.base import LatestRepository
from telemetry.repositories.devices import DeviceRepository
from telemetry.repositories.latest import RedisLatestRepository
from telemetry.services.readings import ReadingStream


def get_redis(request: Request) -> Redis:
    return request.app.state.redis


def get_arq(request: Request) -> ArqRedis:
    return request.app.state.arq


RedisDep = Annotated[Redis, Depends(get_redis)]


def get_latest(redis: RedisDep) -> LatestRepository:
    return RedisLatestRepository(redis)


def get_stream(redis: RedisDep) -> ReadingStream:
    return ReadingStream(redis)


def get_devices(session: Annotated[AsyncSession, Depends(get_session)]) -> DeviceRepository:
    return DeviceRepository(session)


Arq = Annotated[ArqRedis, Depends(get_arq)]
Latest = Annotated[LatestRepository, Depends(get_latest)]
Stream = Annotated[ReadingStream, Depends(get_stream)]
Devices = Annotated[DeviceRepository, Depends(get_devices)]
