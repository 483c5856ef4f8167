import urllib.request

from celery.utils.log import get_task_logger

from ragdesk.ingest.celery_app import app

log = get_task_logger(__name__)


@app.task(bind=True, max_retries=3, rate_limit="10/m")
def crawl(self, url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as page:
            return len(page.read())
    except OSError as exc:
        raise self.retry(exc=exc, countdown=60)
