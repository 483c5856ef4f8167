import pytest

from ticker.repositories.base import Quote
from ticker.repositories.memory import MemoryQuotes


@pytest.mark.asyncio
async def test_set_and_delete():
    quotes = MemoryQuotes()
    await quotes.set(Quote("ACME", 3.0))
    await quotes.delete("ACME")
    assert await quotes.get("ACME") is None
