import django_rq
from celery import chain, shared_task
from celery.utils.log import get_task_logger
from django_rq import job

logger = get_task_logger(__name__)


@shared_task(bind=True, autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_letter(self, appointment):
    logger.info("letter %s, try %s", appointment, self.request.retries)


@shared_task
def remind(appointment):
    logger.info("reminder %s", appointment)


@job("imports", timeout=600)
def import_patients(path):
    with open(path) as file:
        return sum(1 for _ in file)


def after_booking(appointment):
    chain(send_letter.si(appointment), remind.si(appointment)).apply_async(countdown=30)


def start_import(path):
    return django_rq.get_queue("imports").enqueue(import_patients, path, result_ttl=3600)
