import time

from fastapi import APIRouter, HTTPException, Response

from telemetry.dependencies import Latest, Stream

router = APIRouter(prefix="/devices", tags=["devices"])


@router.get("/silent")
async def silent(latest: Latest, minutes: int = 15):
    return await latest.silent_since(time.time() - 60 * minutes)


@router.get("/backlog")
async def backlog(stream: Stream, response: Response):
    response.headers["Cache-Control"] = "no-store"
    return {"entries": await stream.backlog()}


@router.get("/{device}")
async def device(device: str, latest: Latest):
    values = await latest.get(device)
    if not values:
        raise HTTPException(404)
    return values
