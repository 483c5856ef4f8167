from datetime import UTC, datetime

from apps.common.kv import default as connection

PREFIX = "jwt:denied:"


def deny(jti: str, expires: int) -> None:
    seconds = max(1, expires - int(datetime.now(UTC).timestamp()))
    connection().set(PREFIX + jti, 1, ex=seconds, nx=True)


def is_denied(jti: str) -> bool:
    return bool(connection(write=False).exists(PREFIX + jti))
