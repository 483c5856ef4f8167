from slowapi import Limiter
from slowapi.util import get_remote_address

from ticker.settings import get_settings

limiter = Limiter(
    key_func=get_remote_address,
    default_limits=["200/minute"],
    storage_uri=str(get_settings().redis_url),
    strategy="moving-window",
)
