from redis.exceptions import ResponseError

from . import connection


def consume():
    client = connection.connect()
    try:
        client.xgroup_create("events", "workers", mkstream=True)
    except ResponseError:
        pass
    for _, entries in client.xreadgroup("workers", "w1", {"events": ">"}, block=1000):
        for entry, _ in entries:
            client.xack("events", "workers", entry)
