"""Run by `python -m portal.schedule`."""

from datetime import UTC, datetime

from rq_scheduler import Scheduler

from .jobs import build_report, connection


def main() -> None:
    scheduler = Scheduler(queue_name="reports", connection=connection, interval=30)
    for job in scheduler.get_jobs():
        scheduler.cancel(job)
    scheduler.cron("0 4 1 * *", func=build_report, args=[f"{datetime.now(UTC):%Y-%m}"], queue_name="reports")
    scheduler.run()


if __name__ == "__main__":
    main()
