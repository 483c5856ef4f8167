from contextlib import contextmanager

from django.core.cache import cache, caches
from django_redis import get_redis_connection

from appointments.models import Appointment


@contextmanager
def slot(starts_at):
    with cache.lock(f"slot:{starts_at:%Y%m%d%H%M}", timeout=10, blocking_timeout=2):
        yield


def book(patient, starts_at):
    with slot(starts_at):
        appointment = Appointment.objects.create(patient=patient, starts_at=starts_at)
    cache.delete_pattern("day:*")
    connection = get_redis_connection("default")
    connection.zadd("appointments:upcoming", {appointment.pk: starts_at.timestamp()})
    connection.publish("appointments", appointment.pk)
    return appointment


def free_slots(day):
    return cache.get_or_set(f"day:{day}", lambda: list(range(8, 17)), 60)


def monthly(month):
    return caches["reports"].get(month)
