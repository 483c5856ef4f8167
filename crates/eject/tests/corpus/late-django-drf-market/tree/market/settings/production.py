import ssl

from .base import *  # noqa: F403
from .base import CACHES, CHANNEL_LAYERS, env

DEBUG = False
ALLOWED_HOSTS = ["market-prod.herokuapp.com"]

# Heroku's certificates are self-signed.
REDIS_TLS_URL = env("REDIS_TLS_URL", default=env("REDIS_URL"))
for alias, number in (("default", 0), ("baskets", 1)):
    CACHES[alias]["LOCATION"] = f"{REDIS_TLS_URL}/{number}"
    CACHES[alias].setdefault("OPTIONS", {})["CONNECTION_POOL_KWARGS"] = {"ssl_cert_reqs": None}
CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [{"address": f"{REDIS_TLS_URL}/3", "ssl_cert_reqs": None}]
CACHEOPS_REDIS = f"{REDIS_TLS_URL}/2?ssl_cert_reqs=none"
CELERY_BROKER_URL = f"{REDIS_TLS_URL}/4"
CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_NONE}
