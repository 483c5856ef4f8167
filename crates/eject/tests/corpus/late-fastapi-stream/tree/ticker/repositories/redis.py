from typing import TYPE_CHECKING

from .base import Quote

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisQuotes:
    def __init__(self, client: "Redis", seconds: int) -> None:
        self._client = client
        self._seconds = seconds

    @staticmethod
    def _key(symbol: str) -> str:
        return f"quote:{symbol}"

    async def get(self, symbol: str) -> Quote | None:
        price = await self._client.hget(self._key(symbol), "price")
        return Quote(symbol, float(price)) if price is not None else None

    async def set(self, quote: Quote) -> None:
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hset(self._key(quote.symbol), mapping=quote._asdict())
            pipe.expire(self._key(quote.symbol), self._seconds)
            await pipe.execute()

    async def delete(self, symbol: str) -> None:
        await self._client.delete(self._key(symbol))
