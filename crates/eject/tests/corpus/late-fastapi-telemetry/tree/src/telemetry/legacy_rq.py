"""Reports before Celery. Nobody calls it, kept until the audit is through."""

from redis import Redis
from rq import Queue, Retry

queue = Queue("reports", connection=Redis(host="localhost", port=6379, db=9))


def request_report(month: str) -> str:
    job = queue.enqueue("telemetry.old.report", month, retry=Retry(max=3))
    return job.id
