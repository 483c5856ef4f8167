import asyncio
import json
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

CHANNEL = "quotes"
STREAM = "quotes:log"


async def publish(client: Redis, symbol: str, price: float) -> None:
    await client.xadd(STREAM, {"symbol": symbol, "price": price}, maxlen=100_000, approximate=True)
    await client.publish(CHANNEL, json.dumps([symbol, price]))


async def live(client: Redis) -> AsyncIterator[dict[str, str]]:
    async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe(CHANNEL)
        while True:
            try:
                message = await pubsub.get_message(timeout=15)
            except RedisConnectionError:
                await asyncio.sleep(1)
                continue
            yield {"event": "quote", "data": message["data"]} if message else {"event": "ping", "data": ""}


async def since(client: Redis, last: str) -> list[dict[str, str]]:
    entries = await client.xrange(STREAM, min=f"({last}", count=500)
    return [{"id": id_, "data": json.dumps(fields)} for id_, fields in entries]


class LocalBus:
    """What tests and the command line use: one queue for each listener."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str]] = set()

    def publish(self, message: str) -> None:
        for queue in self._queues:
            queue.put_nowait(message)

    async def subscribe(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)
