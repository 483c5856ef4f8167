"""Readings by MQTT: posts them to our own API, so that there is one way in."""

import asyncio
import contextlib

import aiomqtt
import httpx
import structlog

from telemetry.settings import get_settings

log = structlog.get_logger()


async def bridge(api: str) -> None:
    settings = get_settings()
    queue: asyncio.Queue[aiomqtt.Message] = asyncio.Queue(maxsize=1_000)

    async def publish() -> None:
        async with httpx.AsyncClient(base_url=api, timeout=5) as http:
            while True:
                message = await queue.get()
                device = str(message.topic).removeprefix("readings/")
                with contextlib.suppress(httpx.HTTPError):
                    await http.post("/ingest/readings", content=message.payload, headers={"x-device": device})

    async with aiomqtt.Client(settings.mqtt_host, password=settings.mqtt_password) as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(publish())
        await client.subscribe("readings/+")
        async for message in client.messages:
            if queue.full():
                log.warning("queue.full", broker=settings.mqtt_host)
            await queue.put(message)
