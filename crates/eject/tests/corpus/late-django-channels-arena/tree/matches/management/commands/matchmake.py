import time

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.management.base import BaseCommand

from matches.services.matchmaking import pair


class Command(BaseCommand):
    help = "Pairs those who wait in Redis"

    def add_arguments(self, parser):
        parser.add_argument("--ladder", default="ranked")

    def handle(self, *args, ladder: str, **options):
        layer = get_channel_layer()
        spread = 40
        while True:
            players = pair(ladder, spread)
            if players is None:
                spread = min(400, spread + 20)
                time.sleep(0.5)
                continue
            spread = 40
            async_to_sync(layer.group_send)(f"lobby-{ladder}", {"type": "match.found", "players": players})
            self.stdout.write(f"{players[0]} meets {players[1]}")
