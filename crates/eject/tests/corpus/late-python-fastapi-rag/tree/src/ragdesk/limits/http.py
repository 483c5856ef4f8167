from slowapi import Limiter
from slowapi.util import get_remote_address

from ragdesk.settings import settings

limiter = Limiter(
    key_func=get_remote_address,
    storage_uri=settings().limits_dsn,
    strategy="moving-window",
    in_memory_fallback_enabled=True,
)
