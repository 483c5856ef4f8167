from dataclasses import dataclass
from importlib.resources import files

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import ResponseError


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    left: float
    wait: float


class TokenBucket:
    def __init__(self, kv: Redis, size: int, per_second: float) -> None:
        self._size, self._rate = size, per_second
        source = files("ragdesk.limits").joinpath("token_bucket.lua").read_text()
        self._take: AsyncScript = kv.register_script(source)
        self._kv = kv

    async def take(self, tenant: str, cost: int = 1) -> Verdict:
        try:
            allowed, left, wait = await self._take(keys=[f"bucket:{tenant}"], args=[self._size, self._rate, cost])
        except ResponseError:
            await self._kv.delete(f"bucket:{tenant}")
            return Verdict(True, 0.0, 0.0)
        return Verdict(bool(allowed), float(left), float(wait))

    async def refund(self, tenant: str, tokens: int) -> None:
        await self._kv.hincrbyfloat(f"bucket:{tenant}", "tokens", tokens)
