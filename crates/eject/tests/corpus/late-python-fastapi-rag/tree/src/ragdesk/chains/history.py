from langchain_community.chat_message_histories import RedisChatMessageHistory

from ragdesk.settings import settings


def history(session_id: str) -> RedisChatMessageHistory:
    return RedisChatMessageHistory(session_id, url=str(settings().redis_dsn), key_prefix="chat:", ttl=86_400)
