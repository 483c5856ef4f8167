from contextlib import contextmanager

from django_redis import get_redis_connection


@contextmanager
def exclusively(name: str):
    connection = get_redis_connection("default")
    with connection.lock(f"lock:{name}", timeout=30):
        yield
