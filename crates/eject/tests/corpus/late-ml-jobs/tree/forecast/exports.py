from datetime import timedelta

from redis import Redis
from rq import Queue, Retry
from rq.job import Job
from rq_scheduler import Scheduler

from forecast.config import config
from forecast.features import load

connection = Redis(config.redis_host)
exports = Queue("exports", connection=connection, default_timeout=1800)
scheduler = Scheduler(queue=exports, connection=connection)


def export(name, path):
    load(name).to_parquet(path)
    return path


def start(name):
    return exports.enqueue(export, name, f"/data/{name}.parquet", retry=Retry(max=2)).id


def status(job_id):
    return Job.fetch(job_id, connection=connection).get_status()


def plan(name):
    scheduler.cron("0 5 * * 1", func=export, args=[name, "/data/weekly.parquet"])
    scheduler.enqueue_in(timedelta(hours=1), export, name, "/data/soon.parquet")
