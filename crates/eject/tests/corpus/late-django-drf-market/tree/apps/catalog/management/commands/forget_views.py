from django.core.management.base import BaseCommand
from django_redis import get_redis_connection


class Command(BaseCommand):
    help = "Halves the view counts in Redis"

    def add_arguments(self, parser):
        parser.add_argument("--match", default="products:views*")

    def handle(self, *args, match, **options):
        r = get_redis_connection()
        for key in r.scan_iter(match=match, count=200):
            r.zunionstore(key, {key: 0.5})
        self.stdout.write(self.style.SUCCESS("redis: done"))
