import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from redis.asyncio.client import PubSub

from telemetry.settings import get_settings

router = APIRouter()
_open: set[WebSocket] = set()


async def _forward(pubsub: PubSub, socket: WebSocket) -> None:
    while True:
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5.0)
        if message is not None:
            await socket.send_text(message["data"])


@router.websocket("/live/{device}")
async def live(socket: WebSocket, device: str):
    if len(_open) >= get_settings().live_stream_limit:
        await socket.close(code=1013)
        return
    await socket.accept()
    _open.add(socket)
    async with socket.app.state.redis.pubsub() as pubsub:
        await pubsub.subscribe(f"live:{device}")
        task = asyncio.create_task(_forward(pubsub, socket))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            task.cancel()
        finally:
            _open.discard(socket)
            await pubsub.unsubscribe()
