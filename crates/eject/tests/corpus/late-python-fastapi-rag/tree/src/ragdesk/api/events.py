from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from ragdesk.kv import Kv

router = APIRouter()


async def follow(kv: Kv, thread: str) -> AsyncIterator[bytes]:
    async with kv.pubsub(ignore_subscribe_messages=True) as ps:
        await ps.subscribe(f"thread:{thread}")
        async for message in ps.listen():
            yield b"data: " + message["data"] + b"\n\n"


@router.get("/threads/{thread}/events")
async def events(thread: str, kv: Kv) -> StreamingResponse:
    return StreamingResponse(follow(kv, thread), media_type="text/event-stream")
