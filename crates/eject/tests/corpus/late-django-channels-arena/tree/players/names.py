"""Names that players may not take; a predisposed list, kept by the process."""

from django.core.cache import caches

TAKEN = {"admin", "moderator", "redistributor"}
cache = caches["process"]


def allowed(name: str) -> bool:
    known = cache.get(name)
    if known is None:
        known = name.casefold() not in TAKEN and name.isalnum()
        cache.set(name, known, 60)
    return known
