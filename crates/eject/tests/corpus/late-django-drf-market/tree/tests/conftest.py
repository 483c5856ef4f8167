import fakeredis
import pytest


@pytest.fixture(autouse=True)
def redis_server(monkeypatch):
    server = fakeredis.FakeStrictRedis()
    monkeypatch.setattr("apps.common.kv.get_redis_connection", lambda *a, **k: server)
    return server
