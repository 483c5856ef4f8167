from huey import RedisHuey, crontab

from forecast.config import config
from forecast.features import memory

huey = RedisHuey("housekeeping", host=config.redis_host, results=False)


@huey.periodic_task(crontab(minute="30", hour="3"))
@huey.lock_task("shrink")
def shrink():
    memory.reduce_size("10G")


@huey.task(retries=2, retry_delay=60)
def forget(name):
    memory.clear(warn=bool(name))
