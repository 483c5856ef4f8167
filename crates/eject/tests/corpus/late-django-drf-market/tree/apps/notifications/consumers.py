from channels.generic.websocket import AsyncJsonWebsocketConsumer


class SellerConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.group = f"seller-{self.scope['user'].pk}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def sold(self, event):
        await self.send_json(event)
