from functools import cache

from pydantic import AliasChoices, AmqpDsn, Field, RedisDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="RAG_", env_file=".env", extra="ignore")

    env: str = "development"
    database_url: str
    redis_dsn: RedisDsn
    limits_dsn: str = "redis://localhost:6379/1"
    arq_dsn: RedisDsn | None = Field(None, validation_alias=AliasChoices("ARQ_REDIS_DSN", "RAG_ARQ_DSN"))
    amqp_url: AmqpDsn = AmqpDsn("amqp://localhost/")
    openai_api_key: SecretStr = Field(SecretStr("hunter2Nokeyhunter2"), validation_alias="OPENAI_API_KEY")
    tokens_per_minute: int = 40_000
    answer_ttl: int = 3600


@cache
def settings() -> Settings:
    return Settings()
