import fakeredis
import pytest


@pytest.fixture
def store(monkeypatch):
    client = fakeredis.FakeRedis()
    monkeypatch.setattr("matches.services.leaderboard.get_redis_connection", lambda alias: client)
    return client
