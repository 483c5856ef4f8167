import redis

from forecast.config import config
from forecast.redis_keys import PROGRESS

_pool = redis.ConnectionPool(host=config.redis_host, port=6379, db=3, decode_responses=True)


def report(run, fold):
    with redis.Redis(connection_pool=_pool) as connection:
        connection.hincrby(PROGRESS.format(run=run), "folds", 1)
        connection.hset(PROGRESS.format(run=run), "last", fold)


def percent(run, folds):
    done = redis.Redis(connection_pool=_pool).hget(PROGRESS.format(run=run), "folds")
    return 100 * int(done or 0) / folds
