import os

from redis_om import Field, HashModel, Migrator, get_redis_connection

__all__ = ["Label", "Migrator"]


class Label(HashModel):
    image: str = Field(index=True)
    text: str
    score: float = 0.0

    class Meta:
        database = get_redis_connection(url=os.environ["REDIS_OM_URL"], decode_responses=True)
        global_key_prefix = "labels"
