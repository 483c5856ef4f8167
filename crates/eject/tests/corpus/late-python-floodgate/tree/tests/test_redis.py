import os

import pytest
from redis.asyncio import Redis

from floodgate.backends.redis import RedisBackend

pytestmark = pytest.mark.redis


async def test_keys_expire():
    client = Redis.from_url(os.environ["FLOODGATE_TEST_REDIS"])
    backend = RedisBackend(client, "test:")
    await backend.acquire("a", 1, 1, 1)
    assert 0 < await client.pttl("test:a") <= 1000
