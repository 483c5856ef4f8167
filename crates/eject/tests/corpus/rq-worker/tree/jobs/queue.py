from rq import Queue, Retry

from jobs.connection import connect as open_connection

_queue = Queue("default", connection=open_connection())


def enqueue(function, *args):
    return _queue.enqueue(function, *args, retry=Retry(max=3))
