from cachetools import TTLCache, cached
from django.core.cache import caches

_flags = TTLCache(maxsize=64, ttl=30)


@cached(_flags)
def enabled(name: str) -> bool:
    return bool(caches["flags"].get(f"flag:{name}"))
