from collections.abc import Mapping
from typing import Protocol


class LatestRepository(Protocol):
    """What a device has told last. The API uses the one in Redis, tests of routes the one in memory."""

    async def put(self, device: str, values: Mapping[str, float], at: float) -> None: ...

    async def get(self, device: str) -> dict[str, float]: ...

    async def silent_since(self, at: float) -> list[str]: ...
