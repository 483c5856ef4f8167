import redis

client = redis.StrictRedis(host="localhost", db=7)


def common(a: int, b: int) -> set[bytes]:
    return client.sinter(f"friends:{a}", f"friends:{b}")
