from __future__ import annotations

import time

from django_redis import get_redis_connection

PAIR = """
local waiting = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #waiting - 3, 2 do
  if math.abs(waiting[i + 1] - waiting[i + 3]) <= tonumber(ARGV[1]) then
    redis.call('ZREM', KEYS[1], waiting[i], waiting[i + 2])
    return {waiting[i], waiting[i + 2]}
  end
end
return false
"""


def _key(ladder: str) -> str:
    return f"queue:{ladder}"


def enqueue(ladder: str, player: int, rating: int) -> int:
    connection = get_redis_connection("boards")
    connection.zadd(_key(ladder), {player: rating}, nx=True)
    connection.hset(f"{_key(ladder)}:since", player, int(time.time()))
    return connection.zcard(_key(ladder))


def forget(ladder: str, *players: int) -> None:
    connection = get_redis_connection("boards")
    connection.zrem(_key(ladder), *players)
    connection.hdel(f"{_key(ladder)}:since", *players)


def pair(ladder: str, spread: int = 80) -> tuple[int, int] | None:
    connection = get_redis_connection("boards")
    found = connection.eval(PAIR, 1, _key(ladder), spread)
    return (int(found[0]), int(found[1])) if found else None
