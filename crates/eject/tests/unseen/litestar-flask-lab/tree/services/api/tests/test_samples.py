import fakeredis
import pytest
from labcore.redis import async_sample_lock


@pytest.fixture
async def redis():
    client = fakeredis.FakeAsyncRedis(decode_responses=True)
    yield client
    await client.flushall()


async def test_lock_is_exclusive(redis):
    async with async_sample_lock(redis, "B-1"):
        assert await redis.exists("lock:sample:B-1")
