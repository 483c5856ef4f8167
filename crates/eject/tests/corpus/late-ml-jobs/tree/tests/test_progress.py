import fakeredis
import redis

from forecast import progress


def test_percent(monkeypatch):
    server = fakeredis.FakeServer()
    monkeypatch.setattr(redis, "Redis", lambda **_: fakeredis.FakeRedis(server=server))
    progress.report("a", 1)
    assert progress.percent("a", 4) == 25
