from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env(
    DEBUG=(bool, True),
    REDIS_MAX_CONNECTIONS=(int, 20),
    CACHEOPS_ENABLED=(bool, True),
)
environ.Env.read_env(BASE_DIR / ".env")

SECRET_KEY = env("SECRET_KEY")
DEBUG = env("DEBUG")
DATABASES = {"default": env.db()}
ROOT_URLCONF = "market.urls"
ASGI_APPLICATION = "market.asgi.application"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "channels",
    "rest_framework",
    "django_filters",
    "cacheops",
    "apps.accounts",
    "apps.catalog",
    "apps.orders",
    "apps.notifications",
]

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379")

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"{REDIS_URL}/0",
        "KEY_PREFIX": "mkt",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "CONNECTION_POOL_KWARGS": {"max_connections": env("REDIS_MAX_CONNECTIONS")},
        },
    },
    "baskets": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"{REDIS_URL}/1",
        "TIMEOUT": None,
    },
    "flags": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CACHEOPS_ENABLED = env("CACHEOPS_ENABLED")
CACHEOPS_REDIS = f"{REDIS_URL}/2"
CACHEOPS_DEFAULTS = {"timeout": 60 * 15}
CACHEOPS = {
    "auth.permission": {"ops": "all", "timeout": 60 * 60},
    "catalog.category": {"ops": {"fetch", "get"}, "local_get": True},
    "catalog.product": {"ops": (), "timeout": 60 * 5},
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [f"{REDIS_URL}/3"], "capacity": 500},
    },
}

CELERY_BROKER_URL = f"{REDIS_URL}/4"
CELERY_RESULT_BACKEND = f"{REDIS_URL}/5"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"apps.orders.tasks.pay_seller": {"queue": "payouts"}}
CELERY_BEAT_SCHEDULE = {
    "weekly-payouts": {"task": "apps.orders.tasks.weekly_payouts", "schedule": timedelta(days=7)},
}

REST_FRAMEWORK = {
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "apps.common.throttling.SlidingWindowThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "sliding": "600/min"},
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
}

SQS_WEBHOOKS_URL = env("SQS_WEBHOOKS_URL", default="")
