import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    broker: str = field(default_factory=lambda: os.environ.get("CELERY_BROKER_URL", "redis://localhost:6379/0"))
    backend: str = field(default_factory=lambda: os.environ.get("CELERY_RESULT_BACKEND", "redis://localhost:6379/1"))
    redis_host: str = field(default_factory=lambda: os.getenv("REDIS_HOST", "localhost"))
    warehouse: str = field(default_factory=lambda: os.environ.get("WAREHOUSE_URL", "postgresql://localhost/warehouse"))


config = Config()
