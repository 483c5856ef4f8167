"""Links to results that open once."""

import secrets

from labcore.redis import get_redis

POP = """
local v = redis.call('GET', KEYS[1])
if v then redis.call('DEL', KEYS[1]) end
return v
"""


def issue(barcode: str, minutes: int = 30) -> str:
    token = secrets.token_urlsafe(24)
    get_redis().setex(f"link:{token}", minutes * 60, barcode)
    return token


def redeem(token: str) -> str | None:
    r = get_redis()
    pop = r.register_script(POP)
    return pop(keys=[f"link:{token}"])
