import fakeredis
import pytest

from library import create_app
from library.config import TestConfig
from library.extensions import store


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr("library.config.redis.from_url", fakeredis.FakeRedis.from_url)
    app = create_app(TestConfig)
    store.client = fakeredis.FakeRedis(decode_responses=True)
    return app
