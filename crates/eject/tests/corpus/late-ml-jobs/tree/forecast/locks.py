from contextlib import contextmanager

from redlock import Redlock

from forecast.config import config

_manager = Redlock([{"host": config.redis_host, "port": 6379, "db": 2}], retry_count=3)


@contextmanager
def exclusively(name, seconds=600):
    lock = _manager.lock(f"lock:{name}", seconds * 1000)
    if not lock:
        raise RuntimeError(f"{name} runs elsewhere")
    try:
        yield lock
    finally:
        _manager.unlock(lock)
