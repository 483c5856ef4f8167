import pytest

from telemetry.repositories.latest import SEEN, RedisLatestRepository
from telemetry.repositories.memory import MemoryLatestRepository


@pytest.fixture(params=["redis", "memory"])
def latest(request, store):
    return RedisLatestRepository(store) if request.param == "redis" else MemoryLatestRepository()


async def test_silent(latest):
    await latest.put("d1", {"t": 20.5}, at=100)
    await latest.put("d2", {"t": 21.5}, at=200)
    assert await latest.silent_since(150) == ["d1"]
    assert await latest.get("d2") == {"t": 21.5}


async def test_older_does_not_win(store):
    latest = RedisLatestRepository(store)
    await latest.put("d1", {"t": 1}, at=200)
    await latest.put("d1", {"t": 2}, at=100)
    assert await store.zscore(SEEN, "d1") == 200
