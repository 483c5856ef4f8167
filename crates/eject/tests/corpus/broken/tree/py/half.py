import redis

def f(:
    r = redis.Redis()
