from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env(DEBUG=(bool, False), CACHE_TIMEOUT=(int, 300))
env.read_env(BASE_DIR / ".env")

SECRET_KEY = env("SECRET_KEY")
REDIS_URL = env("REDIS_URL")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "channels",
    "django_rq",
    "appointments",
    "waiting_room",
]

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///clinic")}

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"{REDIS_URL}/1",
        "TIMEOUT": env("CACHE_TIMEOUT"),
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "CONNECTION_POOL_KWARGS": {"max_connections": 50},
            "COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor",
            "IGNORE_EXCEPTIONS": True,
        },
        "KEY_PREFIX": "clinic",
    },
    "templates": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "templates"},
    "reports": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "report_cache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "default"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [f"{REDIS_URL}/2"], "prefix": "asgi"},
    },
}

CELERY_BROKER_URL = f"{REDIS_URL}/3"
CELERY_RESULT_BACKEND = "django-db"
CELERY_TASK_ROUTES = {"appointments.tasks.send_letter": {"queue": "letters"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}

RQ_QUEUES = {
    "imports": {"URL": f"{REDIS_URL}/4", "DEFAULT_TIMEOUT": 900},
}

ROOT_URLCONF = "clinic.urls"
