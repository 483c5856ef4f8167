from channels.generic.websocket import AsyncJsonWebsocketConsumer


class WaitingRoom(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.group = f"room-{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive_json(self, content):
        await self.channel_layer.group_send(self.group, {"type": "called", "patient": content["patient"]})

    async def called(self, event):
        await self.send_json(event)
