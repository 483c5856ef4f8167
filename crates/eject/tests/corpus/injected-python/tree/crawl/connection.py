import redis

from . import defaults


def from_settings(settings):
    cls = settings.get("REDIS_CLS", redis.StrictRedis)
    return cls.from_url(settings["REDIS_URL"], **defaults.PARAMS)
