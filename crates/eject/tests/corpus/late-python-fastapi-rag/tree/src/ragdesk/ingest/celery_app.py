import os

from celery import Celery

app = Celery(
    "ingest",
    broker=os.environ.get("CELERY_BROKER_URL", "redis://localhost:6379/5"),
    backend=os.getenv("CELERY_RESULT_BACKEND"),
    include=["ragdesk.ingest.tasks"],
)
app.conf.update(
    broker_transport_options={"visibility_timeout": 7200},
    beat_scheduler="redbeat.RedBeatScheduler",
    redbeat_redis_url=os.environ.get("CELERY_BROKER_URL"),
    task_acks_late=True,
)
