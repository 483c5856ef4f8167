from langchain.embeddings import CacheBackedEmbeddings
from langchain.globals import set_llm_cache
from langchain_community.cache import RedisCache
from langchain_community.storage import RedisStore
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from redis import Redis

from ragdesk.settings import settings


def install_cache() -> None:
    client = Redis.from_url(str(settings().redis_dsn), socket_timeout=1.5)
    set_llm_cache(RedisCache(redis_=client, ttl=settings().answer_ttl))


def embeddings() -> CacheBackedEmbeddings:
    store = RedisStore(redis_url=str(settings().redis_dsn), namespace="emb", ttl=7 * 86_400)
    return CacheBackedEmbeddings.from_bytes_store(OpenAIEmbeddings(), store, namespace="3-small")


def model() -> ChatOpenAI:
    return ChatOpenAI(model="gpt-4o-mini", temperature=0)
