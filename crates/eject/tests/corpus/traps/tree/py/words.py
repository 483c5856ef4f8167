"""Predisposed: this module redistributes. It does not use redis."""


class redis:  # noqa: N801
    """A namespace of our own."""

    @staticmethod
    def get(key):
        return key


def redistribute(cache: dict) -> dict:
    # import redis
    cache.get("redis")
    return {"message": "Redis is not used", "x": redis.get("x")}
