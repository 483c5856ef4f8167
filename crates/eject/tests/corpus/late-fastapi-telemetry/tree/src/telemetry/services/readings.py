import json

from redis.asyncio import Redis

STREAM = "readings"
GROUP = "aggregator"


class ReadingStream:
    """The producer's side of the stream."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    async def append(self, device: str, values: dict[str, float], at: float) -> str:
        entry = {"device": device, "at": at, "values": json.dumps(values)}
        entry_id = await self.redis.xadd(STREAM, entry, maxlen=500_000, approximate=True)
        await self.redis.publish(f"live:{device}", entry["values"])
        return entry_id

    async def backlog(self) -> int:
        groups = await self.redis.xinfo_groups(STREAM)
        return next((g["lag"] or 0 for g in groups if g["name"] == GROUP), 0)
