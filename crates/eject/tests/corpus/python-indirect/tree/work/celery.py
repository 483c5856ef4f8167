from celery import Celery

app = Celery("work")
app.config_from_object("site_settings", namespace="CELERY")
