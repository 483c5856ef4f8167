from functools import lru_cache

from pydantic import AliasChoices, Field, PostgresDsn, RedisDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LAB_", env_file=".env", extra="ignore")

    env: str = "production"
    database_url: PostgresDsn
    redis_url: RedisDsn = RedisDsn("redis://localhost:6379/0")
    amqp_url: str = Field("amqp://localhost/", validation_alias=AliasChoices("AMQP_URL"))
    secret_key: SecretStr = SecretStr("hunter2Changemehunter2")
    session_hours: int = 12


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings()
