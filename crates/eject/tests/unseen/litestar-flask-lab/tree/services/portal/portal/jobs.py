import smtplib

from redis import Redis
from rq import Queue, Retry, get_current_job
from rq.decorators import job

from .rq_settings import REDIS_URL

connection = Redis.from_url(REDIS_URL)
reports = Queue("reports", connection=connection, default_timeout="20m")


@job("mail", connection=connection, result_ttl=0)
def send_result(address: str, barcode: str) -> None:
    with smtplib.SMTP("mail.lab.internal") as smtp:
        smtp.sendmail("portal@lab.example", [address], f"Subject: {barcode}\n\nYour result is there.")


def build_report(month: str) -> str:
    current = get_current_job()
    for part in range(10):
        current.meta["progress"] = part * 10
        current.save_meta()
    return f"/reports/{month}.pdf"


def request_report(month: str):
    return reports.enqueue(
        build_report,
        month,
        retry=Retry(max=3, interval=[10, 60, 300]),
        job_id=f"report-{month}",
    )
