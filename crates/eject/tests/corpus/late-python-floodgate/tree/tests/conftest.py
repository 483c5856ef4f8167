import fakeredis
import pytest

from floodgate.backends.memory import MemoryBackend
from floodgate.backends.redis import RedisBackend


@pytest.fixture(params=["memory", "redis"])
def backend(request):
    if request.param == "memory":
        return MemoryBackend()
    return RedisBackend(fakeredis.FakeAsyncRedis(), "test:")
