from slowapi import Limiter
from slowapi.util import get_remote_address

# exports are heavy for this process, not for the fleet: counting here is enough
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", default_limits=["60/minute"])
