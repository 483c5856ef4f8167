"""From before Celery. TODO: remove once the last worker is gone."""
from redis import Redis
from rq import Queue

queue = Queue("orders", connection=Redis(host="localhost", port=6379, db=9))


def enqueue_invoice(order_id):
    return queue.enqueue("invoices.render", order_id, job_timeout=300)
