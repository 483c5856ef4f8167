from cachetools import LRUCache, cached

cache: LRUCache = LRUCache(maxsize=128)


@cached(cache)
def system_prompt(line: str) -> str:
    return f"You answer from the policies of the {line} line. If they were redistributed, say of which year they are."
