import json

from redis import Redis

_client = Redis(host="localhost", port=6379)


def remember(key: str, value: object) -> None:
    _client.setex(f"cache:{key}", 60, json.dumps(value))


def recall(key: str) -> object:
    raw = _client.get(f"cache:{key}")
    return json.loads(raw) if raw else None
