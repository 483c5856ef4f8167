"""Ratings, without any store."""

from functools import lru_cache

K = 24


@lru_cache(maxsize=4096)
def expected(mine: int, theirs: int) -> float:
    return 1 / (1 + 10 ** ((theirs - mine) / 400))


def after(winner: int, loser: int) -> tuple[int, int]:
    gain = round(K * (1 - expected(winner, loser)))
    return winner + gain, max(100, loser - gain)
