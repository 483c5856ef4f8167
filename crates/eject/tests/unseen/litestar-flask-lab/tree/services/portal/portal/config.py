import os

from redis import Redis

_REDIS = os.environ.get("LAB_REDIS_URL", "redis://localhost:6379/0").rsplit("/", 1)[0]


class Base:
    SECRET_KEY = os.environ["SECRET_KEY"]
    CACHE_TYPE = "flask_caching.backends.RedisCache"
    CACHE_REDIS_URL = f"{_REDIS}/1"
    CACHE_KEY_PREFIX = "portal:"
    CACHE_DEFAULT_TIMEOUT = 120
    RATELIMIT_STORAGE_URI = f"{_REDIS}/2"
    RATELIMIT_STRATEGY = "moving-window"
    RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True


class Production(Base):
    SESSION_TYPE = "redis"
    SESSION_REDIS = Redis.from_url(f"{_REDIS}/1", socket_timeout=2)
    SESSION_KEY_PREFIX = "portal:session:"
    SESSION_COOKIE_SECURE = True


class Testing(Base):
    TESTING = True
    CACHE_TYPE = "SimpleCache"
    RATELIMIT_STORAGE_URI = "memory://"
    SESSION_TYPE = "cachelib"
