import contextlib

from redis.asyncio.lock import Lock
from redis.exceptions import LockError, LockNotOwnedError


class Busy(Exception):
    pass


@contextlib.asynccontextmanager
async def exclusively(redis, name: str, seconds: float = 30.0):
    lock: Lock = redis.lock(f"lock:{name}", timeout=seconds, blocking_timeout=0.5)
    if not await lock.acquire():
        raise Busy(name)
    try:
        yield lock
    finally:
        with contextlib.suppress(LockNotOwnedError, LockError):
            await lock.release()
