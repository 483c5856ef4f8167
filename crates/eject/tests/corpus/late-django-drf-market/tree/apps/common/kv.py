"""The one place that knows which alias is for what."""
from django_redis import get_redis_connection


def baskets():
    return get_redis_connection("baskets")


def default(write=True):
    return get_redis_connection("default", write=write)
