from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env(DEBUG=(bool, False))

SECRET_KEY = env("DJANGO_SECRET_KEY", default="hunter2Djangohunter2")
DEBUG = env("DEBUG")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "cachalot",
    "channels",
    "players",
    "matches",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

ROOT_URLCONF = "arena.urls"
ASGI_APPLICATION = "arena.asgi.application"
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///arena")}

CACHES = {
    "default": env.cache_url("CACHE_URL", default="rediscache://127.0.0.1:6379/1"),
    "boards": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": env("BOARDS_URL", default="redis://127.0.0.1:6379/2"),
        "KEY_PREFIX": "arena",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "PARSER_CLASS": "redis.connection._HiredisParser",
            "SOCKET_CONNECT_TIMEOUT": 2,
        },
    },
    "replays": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": BASE_DIR / "replays"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CACHALOT_CACHE = "default"
RATELIMIT_USE_CACHE = "default"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [env("CHANNELS_REDIS_URL", default="redis://127.0.0.1:6379/4")],
            "capacity": 500,
        },
    },
}

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/3")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ROUTES = {"matches.tasks.rate": {"queue": "ratings"}}
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
CELERY_REDBEAT_LOCK_TIMEOUT = 60
