import smtplib

from celery import shared_task

from library.extensions import store


@shared_task(ignore_result=False, rate_limit="10/m")
def remind(member: str) -> bool:
    with smtplib.SMTP("mail") as smtp:
        smtp.sendmail("library@example.org", member, "Your book is overdue. Sent by Celery over Redis.")
    return True


@shared_task(bind=True, max_retries=3)
def returned(self, member: str) -> None:
    try:
        store.client.srem("overdue", member)
    except ConnectionError as error:
        raise self.retry(exc=error, countdown=30)
