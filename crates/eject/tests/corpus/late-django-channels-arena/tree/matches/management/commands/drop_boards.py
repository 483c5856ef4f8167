from django.conf import settings
from django.core.management.base import BaseCommand
from redis import Redis


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("season")
        parser.add_argument("--yes", action="store_true")

    def handle(self, *args, season: str, yes: bool, **options):
        client = Redis.from_url(settings.CACHES["boards"]["LOCATION"], decode_responses=True)
        doomed = list(client.scan_iter(match=f"board:*:{season}", count=500))
        for key in doomed:
            self.stdout.write(f"{key}: {client.zcard(key)} players")
        if yes and doomed:
            client.unlink(*doomed)
