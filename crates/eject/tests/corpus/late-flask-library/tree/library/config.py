import os

import redis


class Config:
    SECRET_KEY = os.environ.get("SECRET_KEY", "hunter2Flaskhunter2")
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", "postgresql:///library")
    REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")

    CACHE_TYPE = "RedisCache"
    CACHE_REDIS_URL = REDIS_URL
    CACHE_KEY_PREFIX = "library:"

    SESSION_TYPE = "redis"
    SESSION_REDIS = redis.from_url(REDIS_URL)
    SESSION_KEY_PREFIX = "library:session:"

    RATELIMIT_STORAGE_URI = REDIS_URL
    RATELIMIT_STRATEGY = "moving-window"

    CELERY = {
        "broker_url": REDIS_URL.replace("/0", "/1"),
        "result_backend": REDIS_URL.replace("/0", "/2"),
        "task_ignore_result": True,
    }


class TestConfig(Config):
    TESTING = True
    CACHE_TYPE = "NullCache"
    RATELIMIT_ENABLED = False
    RATELIMIT_STORAGE_URI = "memory://"
