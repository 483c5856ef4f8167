import fakeredis
import pytest


@pytest.fixture(autouse=True)
def connection(monkeypatch):
    server = fakeredis.FakeStrictRedis()
    monkeypatch.setattr("appointments.booking.get_redis_connection", lambda alias: server)
    return server
