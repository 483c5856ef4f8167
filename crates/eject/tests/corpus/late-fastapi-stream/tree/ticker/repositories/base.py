from typing import NamedTuple, Protocol


class Quote(NamedTuple):
    symbol: str
    price: float


class Quotes(Protocol):
    async def get(self, symbol: str) -> Quote | None: ...

    async def set(self, quote: Quote) -> None: ...

    async def delete(self, symbol: str) -> None: ...
