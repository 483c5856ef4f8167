from langchain.globals import set_llm_cache
from langchain_community.cache import RedisSemanticCache
from langchain_openai import OpenAIEmbeddings

from ragdesk.settings import settings


def install() -> None:
    set_llm_cache(RedisSemanticCache(str(settings().redis_dsn), OpenAIEmbeddings(), score_threshold=0.15))
