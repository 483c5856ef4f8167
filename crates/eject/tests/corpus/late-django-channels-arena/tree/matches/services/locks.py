from __future__ import annotations

from contextlib import contextmanager

from django.core.cache import caches
from redis.exceptions import LockError


class Busy(Exception):
    pass


@contextmanager
def exclusively(name: str, seconds: int = 30, wait: float = 3):
    lock = caches["boards"].lock(f"lock:{name}", timeout=seconds, blocking_timeout=wait)
    if not lock.acquire():
        raise Busy(name)
    try:
        yield
    finally:
        try:
            lock.release()
        except LockError:
            pass  # it ran out
