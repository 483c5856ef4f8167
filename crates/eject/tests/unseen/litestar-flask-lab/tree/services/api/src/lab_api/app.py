from datetime import timedelta

from labcore.settings import get_settings
from litestar import Litestar
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.redis import RedisChannelsStreamBackend
from litestar.config.response_cache import ResponseCacheConfig
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.stores.file import FileStore
from litestar.stores.redis import RedisStore
from litestar.stores.registry import StoreRegistry

from lab_api import instruments, samples
from lab_api.deps import provide_redis
from lab_api.models import migrate

settings = get_settings()

root_store = RedisStore.with_client(url=str(settings.redis_url), namespace="api")
channels = ChannelsPlugin(
    backend=RedisChannelsStreamBackend(history=20, redis=root_store._redis, cap_streams_approximate=True),
    channels=["instruments"],
    create_ws_route_handlers=True,
)


def default_factory(name: str):
    if name == "downloads":
        return FileStore("/var/tmp/lab")
    return root_store.with_namespace(name)


async def close_store(app: Litestar) -> None:
    await root_store._redis.aclose()


app = Litestar(
    route_handlers=[samples.SampleController, instruments.InstrumentController],
    dependencies={"redis": provide_redis},
    stores=StoreRegistry(default_factory=default_factory),
    response_cache_config=ResponseCacheConfig(default_expiration=60),
    middleware=[
        RateLimitConfig(rate_limit=("minute", 120), exclude=["/schema"]).middleware,
        ServerSideSessionConfig(max_age=int(timedelta(hours=settings.session_hours).total_seconds())).middleware,
    ],
    plugins=[channels],
    on_startup=[migrate],
    on_shutdown=[close_store],
)
