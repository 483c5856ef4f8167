import secrets

from app.redis_client import get_redis

TTL = 60 * 60 * 24 * 30


async def issue(user: str) -> str:
    token = secrets.token_urlsafe()
    await get_redis().set(f"refresh_token:{token}", user, ex=TTL)
    return token


async def revoke(token: str) -> None:
    client = get_redis()
    async with client.pipeline(transaction=True) as pipe:
        pipe.delete(f"refresh_token:{token}")
        pipe.sadd("blacklist", token)
        await pipe.execute()
