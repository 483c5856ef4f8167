import time

from library.extensions import store


class Holds:
    def __init__(self) -> None:
        self.queue = store.walrus.List("holds")
        self.members = store.walrus.ZSet("holds:members")

    def place(self, book: str, member: str) -> None:
        with store.walrus.lock(f"hold:{book}", ttl=5_000):
            self.members.add({member: time.time()})
            self.queue.append(f"{book}:{member}")
