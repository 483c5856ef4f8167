from functools import lru_cache

from pydantic import BaseModel, PostgresDsn, RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict


class StoreSettings(BaseModel):
    url: RedisDsn = RedisDsn("redis://localhost:6379/0")
    max_connections: int = 20
    socket_timeout: float = 2.5


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TELEMETRY_", env_nested_delimiter="__", env_file=".env", extra="ignore")

    database_url: PostgresDsn
    redis: StoreSettings = StoreSettings()
    celery_broker_url: str = "redis://localhost:6380/0"
    mqtt_host: str = "localhost"
    mqtt_password: str = ""
    live_stream_limit: int = 200
    debug: bool = False


@lru_cache
def get_settings() -> Settings:
    return Settings()
