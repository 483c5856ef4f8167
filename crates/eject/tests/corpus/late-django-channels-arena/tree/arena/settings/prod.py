from .base import *
from .base import CACHES, env

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CACHES["boards"]["OPTIONS"]["CONNECTION_POOL_KWARGS"] = {"max_connections": 200, "retry_on_timeout": True}
DJANGO_REDIS_IGNORE_EXCEPTIONS = True

CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200}
CELERY_REDBEAT_REDIS_URL = env("REDBEAT_REDIS_URL")
