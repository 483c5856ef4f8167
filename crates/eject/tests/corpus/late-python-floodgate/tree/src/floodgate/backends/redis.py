from __future__ import annotations

from importlib import resources
from urllib.parse import urlsplit

from floodgate.backends.base import Backend
from floodgate.errors import BackendError, MissingExtra

try:
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.asyncio.sentinel import Sentinel
    from redis.backoff import ExponentialBackoff
    from redis.exceptions import NoScriptError, RedisError
except ImportError as error:
    raise MissingExtra("redis") from error


def _lua(name: str) -> str:
    return resources.files("floodgate.lua").joinpath(f"{name}.lua").read_text()


class RedisBackend(Backend):
    def __init__(self, client: Redis, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._acquire = client.register_script(_lua("acquire"))
        self._peek = client.register_script(_lua("peek"))

    @classmethod
    def from_url(cls, url: str, prefix: str = "floodgate:", **options) -> RedisBackend:
        client = Redis.from_url(url, retry=Retry(ExponentialBackoff(), 3), **options)
        return cls(client, prefix)

    def _key(self, key: str) -> str:
        return self._prefix + key

    async def acquire(self, key: str, limit: int, window: int, cost: int) -> tuple[int, float]:
        try:
            remaining, reset = await self._acquire(keys=[self._key(key)], args=[limit, window, cost])
        except NoScriptError:
            await self._client.script_load(_lua("acquire"))
            return await self.acquire(key, limit, window, cost)
        except RedisError as error:
            raise BackendError(str(error)) from error
        return int(remaining), float(reset)

    async def peek(self, key: str) -> int:
        return int(await self._peek(keys=[self._key(key)]))

    async def clear(self) -> None:
        async for key in self._client.scan_iter(match=self._key("*"), count=1000):
            await self._client.unlink(key)

    async def close(self) -> None:
        await self._client.aclose()


class SentinelBackend(RedisBackend):
    def __init__(self, hosts: list[tuple[str, int]], service: str, prefix: str = "floodgate:") -> None:
        sentinel = Sentinel(hosts, socket_timeout=0.2)
        super().__init__(sentinel.master_for(service, redis_class=Redis), prefix=prefix)

    @classmethod
    def from_url(cls, url: str, **options) -> SentinelBackend:
        parts = urlsplit(url)
        hosts = [(host, int(port)) for host, port in (pair.split(":") for pair in parts.netloc.split(","))]
        return cls(hosts, parts.path.strip("/"))
