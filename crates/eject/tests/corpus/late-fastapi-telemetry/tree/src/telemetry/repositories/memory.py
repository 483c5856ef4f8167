from collections.abc import Mapping


class MemoryLatestRepository:
    """Has the interface of the one in Redis, for `uvicorn --factory` without a server."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[str, float]] = {}
        self._seen: dict[str, float] = {}

    async def put(self, device: str, values: Mapping[str, float], at: float) -> None:
        self._hashes.setdefault(device, {}).update(values)
        self._seen[device] = max(at, self._seen.get(device, 0.0))

    async def get(self, device: str) -> dict[str, float]:
        return dict(self._hashes.get(device, {}))

    async def silent_since(self, at: float) -> list[str]:
        return [device for device, seen in self._seen.items() if seen <= at][:500]
