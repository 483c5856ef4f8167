from __future__ import annotations

from dataclasses import dataclass

from django_redis import get_redis_connection

KEPT = 10_000


@dataclass(frozen=True)
class Row:
    player: int
    rating: int
    rank: int


class Leaderboard:
    """A ladder in one season: a sorted set of the players by their ratings."""

    def __init__(self, ladder: str, season: str, connection=None) -> None:
        self.key = f"board:{ladder}:{season}"
        self.store = connection if connection is not None else get_redis_connection("boards")

    def rating(self, player: int) -> int:
        return int(self.store.zscore(self.key, player) or 1000)

    def record(self, ratings: dict[int, int]) -> None:
        pipe = self.store.pipeline()
        pipe.zadd(self.key, ratings)
        pipe.zremrangebyrank(self.key, 0, -KEPT - 1)
        pipe.expire(self.key, 120 * 24 * 3600)
        pipe.execute()

    def top(self, count: int = 20) -> list[Row]:
        found = self.store.zrevrange(self.key, 0, count - 1, withscores=True)
        return [Row(int(player), int(score), rank) for rank, (player, score) in enumerate(found, start=1)]

    def around(self, player: int, reach: int = 3) -> list[Row]:
        rank = self.store.zrevrank(self.key, player)
        if rank is None:
            return []
        first = max(0, rank - reach)
        found = self.store.zrevrange(self.key, first, rank + reach, withscores=True)
        return [Row(int(p), int(score), first + i + 1) for i, (p, score) in enumerate(found)]

    def decay(self, floor: int, by: int) -> int:
        faded = 0
        for player, score in self.store.zscan_iter(self.key):
            if score - by >= floor:
                self.store.zincrby(self.key, -by, player)
                faded += 1
        return faded
