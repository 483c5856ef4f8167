import os


def redis_url() -> str:
    host = os.environ.get("REDIS_HOST", "cache")
    return f"redis://{host}:6379/1"
