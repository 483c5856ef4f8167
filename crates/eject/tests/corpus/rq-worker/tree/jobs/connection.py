import redis as r

POOL = r.BlockingConnectionPool.from_url("unix:///var/run/redis.sock")


def connect() -> "r.StrictRedis":
    return r.StrictRedis(connection_pool=POOL)
