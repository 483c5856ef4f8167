"""Read by `rq worker -c portal.rq_settings`."""

import os

REDIS_URL = os.getenv("RQ_REDIS_URL", "redis://localhost:6379/3")
QUEUES = ["reports", "mail"]
NAME = "portal"
