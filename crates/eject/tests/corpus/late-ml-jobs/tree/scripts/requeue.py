"""Puts the exports that failed back into their queue: python scripts/requeue.py"""
import sys

from rq.registry import FailedJobRegistry

from forecast.exports import exports


def main():
    registry = FailedJobRegistry(queue=exports)
    for job_id in registry.get_job_ids():
        registry.requeue(job_id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
