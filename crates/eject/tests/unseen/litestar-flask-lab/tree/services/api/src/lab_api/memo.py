"""Kept in the process, as it never changes between deployments."""

from cachetools import TTLCache, cached

cache: TTLCache = TTLCache(maxsize=64, ttl=600)


@cached(cache)
def matrices() -> frozenset[str]:
    return frozenset({"blood", "urine", "soil", "water"})


def forget() -> None:
    cache.clear()
