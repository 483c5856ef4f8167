import fakeredis
import pytest
from httpx import ASGITransport, AsyncClient

from telemetry.dependencies import get_redis
from telemetry.main import create_app


@pytest.fixture
async def store():
    client = fakeredis.FakeAsyncRedis(decode_responses=True)
    yield client
    await client.flushall()
    await client.aclose()


@pytest.fixture
async def http(store):
    app = create_app()
    app.dependency_overrides[get_redis] = lambda: store
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client
