from django.conf import settings
from django.core.management.base import BaseCommand
from redis import Redis

from appointments.models import Appointment


class Command(BaseCommand):
    help = "Fills the sorted set of appointments in Redis anew."

    def handle(self, *args, **options):
        client = Redis.from_url(f"{settings.REDIS_URL}/1")
        with client.pipeline() as pipe:
            pipe.delete("appointments:upcoming")
            for pk, starts_at in Appointment.objects.values_list("pk", "starts_at"):
                pipe.zadd("appointments:upcoming", {pk: starts_at.timestamp()})
            pipe.execute()
        self.stdout.write(self.style.SUCCESS("done"))
