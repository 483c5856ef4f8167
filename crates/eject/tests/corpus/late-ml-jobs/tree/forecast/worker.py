from celery import Celery
from celery.schedules import crontab
from kombu import Queue

from forecast.config import config

app = Celery("forecast", broker=config.broker, backend=config.backend, include=["forecast.training"])
app.conf.update(
    task_acks_late=True,
    task_queues=[Queue("cpu"), Queue("gpu")],
    worker_prefetch_multiplier=1,
    result_expires=86_400,
)
app.conf.beat_schedule = {
    "nightly": {"task": "forecast.training.nightly", "schedule": crontab(hour=2, minute=0)},
}
