import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arena.settings.dev")

app = Celery("arena")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "close-season": {"task": "matches.tasks.close_season", "schedule": crontab(0, 0, day_of_month="1")},
    "decay": {"task": "matches.tasks.decay_ratings", "schedule": 3600.0},
}
