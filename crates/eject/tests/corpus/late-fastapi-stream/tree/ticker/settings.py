from functools import lru_cache

from pydantic import Field, PostgresDsn, RedisDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TICKER_", env_file=".env")

    database_url: PostgresDsn
    redis_url: RedisDsn = Field(default="redis://localhost:6379/0")
    secret: SecretStr
    cache_seconds: int = 30


@lru_cache
def get_settings() -> Settings:
    return Settings()
