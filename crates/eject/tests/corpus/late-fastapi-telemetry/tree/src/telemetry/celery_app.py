from celery import Celery
from celery.schedules import crontab

from telemetry.settings import get_settings

settings = get_settings()

app = Celery(
    "telemetry",
    broker=settings.celery_broker_url,
    backend=settings.celery_broker_url,
    include=["telemetry.tasks.reports"],
)
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": 7200, "queue_order_strategy": "priority"},
    redis_socket_keepalive=True,
    result_expires=3600,
    timezone="UTC",
)
app.conf.beat_schedule = {
    "rollup": {"task": "telemetry.tasks.reports.rollup", "schedule": crontab(minute="*/10")},
}
