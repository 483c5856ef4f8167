from .base import Quote, Quotes
from .memory import MemoryQuotes
from .redis import RedisQuotes

__all__ = ["MemoryQuotes", "Quote", "Quotes", "RedisQuotes"]
