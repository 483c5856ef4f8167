"""Reads a file of quotes and publishes them again."""
import asyncio
import os
import sys

from redis import asyncio as aioredis

from ticker.events import publish


async def main(path: str) -> None:
    client = aioredis.from_url(os.environ["TICKER_REDIS_URL"])
    with open(path) as lines:
        for line in lines:
            symbol, price = line.split(",")
            await publish(client, symbol, float(price))
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
