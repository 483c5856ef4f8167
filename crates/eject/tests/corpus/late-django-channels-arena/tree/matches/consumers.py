from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from matches.services.leaderboard import Leaderboard
from players.presence import Presence


class LobbyConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.ladder = self.scope["url_route"]["kwargs"]["ladder"]
        self.presence = Presence(self.ladder)
        await self.channel_layer.group_add(f"lobby-{self.ladder}", self.channel_name)
        await self.accept()
        await self.send_json({"online": await self.presence.enter(self.scope["user"].pk)})

    async def receive_json(self, content, **kwargs):
        if content.get("type") == "top":
            rows = await database_sync_to_async(self._top)(content["season"])
            await self.send_json({"rows": rows})
        else:
            await self.presence.enter(self.scope["user"].pk)

    def _top(self, season: str) -> list[list[int]]:
        return [[row.rank, row.player, row.rating] for row in Leaderboard(self.ladder, season).top(10)]

    async def disconnect(self, code):
        await self.presence.leave(self.scope["user"].pk)
        await self.channel_layer.group_discard(f"lobby-{self.ladder}", self.channel_name)

    async def match_found(self, event):
        await self.send_json({"match": event["players"]})
