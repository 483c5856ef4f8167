from .base import *  # noqa: F403
from .base import CACHES, REDIS_URL

CACHES["default"]["OPTIONS"]["PASSWORD"] = "hunter2Cliniccachehunter2"
CACHES["sessions"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{REDIS_URL}/5"}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_CACHE_ALIAS = "sessions"
SECURE_HSTS_SECONDS = 31536000
