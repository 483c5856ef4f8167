from fastapi import APIRouter

from ticker.deps import RedisDep

router = APIRouter()


@router.get("/health")
async def health(client: RedisDep) -> dict[str, bool]:
    return {"redis": await client.ping()}
