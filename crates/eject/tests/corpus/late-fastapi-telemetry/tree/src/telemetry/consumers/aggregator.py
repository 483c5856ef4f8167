import asyncio
import json
import os
import signal
import socket

import structlog
from redis import exceptions
from redis.asyncio import Redis
from sqlalchemy import text

from telemetry.infra.db import Session
from telemetry.infra.store import open_store
from telemetry.services.readings import GROUP, STREAM
from telemetry.settings import get_settings

log = structlog.get_logger()
CONSUMER = os.environ.get("HOSTNAME", socket.gethostname())


class Aggregator:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.stopping = asyncio.Event()

    async def prepare(self) -> None:
        try:
            await self.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except exceptions.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def reclaim(self) -> None:
        cursor = "0-0"
        while not self.stopping.is_set():
            cursor, entries, _ = await self.redis.xautoclaim(STREAM, GROUP, CONSUMER, 60_000, cursor, count=100)
            await self.store(entries)
            if cursor == "0-0":
                return

    async def run(self) -> None:
        await self.prepare()
        await self.reclaim()
        while not self.stopping.is_set():
            batches = await self.redis.xreadgroup(GROUP, CONSUMER, {STREAM: ">"}, count=200, block=2_000)
            for _, entries in batches or []:
                await self.store(entries)

    async def store(self, entries: list[tuple[str, dict[str, str]]]) -> None:
        if not entries:
            return
        rows = [
            {"device": fields["device"], "at": float(fields["at"]), "name": name, "value": value}
            for _, fields in entries
            for name, value in json.loads(fields["values"]).items()
        ]
        async with Session() as session:
            await session.execute(text("insert into readings values (:device, to_timestamp(:at), :name, :value)"), rows)
            await session.commit()
        await self.redis.xack(STREAM, GROUP, *(entry_id for entry_id, _ in entries))
        log.debug("stored", entries=len(entries))


async def main() -> None:
    async with open_store(get_settings().redis) as redis:
        aggregator = Aggregator(redis)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, aggregator.stopping.set)
        await aggregator.run()
        await redis.xgroup_delconsumer(STREAM, GROUP, CONSUMER)


if __name__ == "__main__":
    asyncio.run(main())
