import asyncio

from celery import chord, group
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from telemetry.celery_app import app
from telemetry.infra.db import Session
from telemetry.infra.store import open_store
from telemetry.services.rollup_lock import Busy, exclusively
from telemetry.settings import get_settings


@app.task(bind=True, max_retries=3, soft_time_limit=600)
def part(self, month: str, site: str):
    try:
        return {"site": site, "rows": asyncio.run(_count(month, site))}
    except SoftTimeLimitExceeded as e:
        raise self.retry(exc=e, countdown=120)


@app.task
def merge(parts: list[dict]):
    return sum(p["rows"] for p in parts)


@app.task(ignore_result=True)
def monthly(month: str):
    sites = ["north", "south"]
    chord(group(part.s(month, site) for site in sites), merge.s()).apply_async(priority=3)


@app.task(ignore_result=True, expires=300)
def rollup():
    asyncio.run(_rollup())


async def _count(month: str, site: str) -> int:
    async with Session() as session:
        query = text("select count(*) from readings where site = :site and to_char(at, 'YYYY-MM') = :month")
        return await session.scalar(query, {"site": site, "month": month})


async def _rollup() -> None:
    async with open_store(get_settings().redis) as store, Session() as session:
        try:
            async with exclusively(store, "rollup", seconds=540):
                await session.execute(text("call refresh_continuous_aggregate('readings_hourly', null, null)"))
        except Busy:
            return
