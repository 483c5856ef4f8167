import fakeredis
import pytest
from pytest_redis import factories

redis_proc = factories.redis_proc(port=None)


@pytest.fixture
async def kv():
    client = fakeredis.FakeAsyncRedis()
    yield client
    await client.aclose()
