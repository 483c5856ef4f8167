import asyncio
import json
import os

import aioredis
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(os.environ.get("EMBED_MODEL", "all-MiniLM-L6-v2"))


async def main():
    redis = await aioredis.create_redis_pool(os.environ["EMBED_QUEUE"], minsize=1, maxsize=4)
    try:
        while True:
            _, raw = await redis.blpop("embed:todo", timeout=0)
            job = json.loads(raw)
            vector = model.encode(job["text"]).tolist()
            await redis.rpush(f"embed:done:{job['id']}", json.dumps(vector))
    finally:
        redis.close()
        await redis.wait_closed()


asyncio.run(main())
