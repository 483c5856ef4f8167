from cachetools import TTLCache

from .base import Quote


class MemoryQuotes:
    def __init__(self) -> None:
        self._cache: TTLCache[str, Quote] = TTLCache(maxsize=10_000, ttl=30)

    async def get(self, symbol: str) -> Quote | None:
        return self._cache.get(symbol)

    async def set(self, quote: Quote) -> None:
        self._cache[quote.symbol] = quote

    async def delete(self, symbol: str) -> None:
        self._cache.pop(symbol, None)
