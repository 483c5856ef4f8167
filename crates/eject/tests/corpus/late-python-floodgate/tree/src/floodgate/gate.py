from __future__ import annotations

from importlib.metadata import entry_points
from urllib.parse import urlsplit

from floodgate.backends import Backend

UNITS = {"second": 1, "minute": 60, "hour": 3600}


class Gate:
    def __init__(self, backend: Backend, limit: str) -> None:
        count, _, unit = limit.partition("/")
        self._backend = backend
        self._limit = int(count)
        self._window = UNITS[unit]

    async def acquire(self, key: str, cost: int = 1) -> bool:
        remaining, _ = await self._backend.acquire(key, self._limit, self._window, cost)
        return remaining >= 0


def open_gate(url: str, limit: str) -> Gate:
    scheme = urlsplit(url).scheme
    for point in entry_points(group="floodgate.backends"):
        if point.name == scheme:
            return Gate(point.load().from_url(url), limit)
    raise LookupError(f"no backend for {scheme}")
