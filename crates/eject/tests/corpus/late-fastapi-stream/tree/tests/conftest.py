import pytest
from fakeredis import FakeAsyncRedis

from ticker.deps import get_redis
from ticker.main import app


@pytest.fixture
async def client():
    client = FakeAsyncRedis(decode_responses=True)
    app.dependency_overrides[get_redis] = lambda: client
    yield client
    await client.aclose()
