import fakeredis

from portal import tokens


def test_a_link_opens_once(monkeypatch):
    server = fakeredis.FakeRedis(decode_responses=True)
    monkeypatch.setattr(tokens, "get_redis", lambda: server)
    token = tokens.issue("B-7")
    assert tokens.redeem(token) == "B-7"
    assert tokens.redeem(token) is None
