import csv
import queue
from functools import lru_cache

pending: queue.Queue[str] = queue.Queue()


@lru_cache(maxsize=32)
def header() -> list[str]:
    return ["book", "member", "redis_id"]


def to_csv(member: str) -> str:
    pending.put(member)
    path = f"/exports/{pending.get()}.csv"
    with open(path, "w", newline="") as file:
        csv.writer(file).writerow(header())
    return path
