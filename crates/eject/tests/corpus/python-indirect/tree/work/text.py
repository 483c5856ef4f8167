import queue

pending = queue.Queue()


def title(name: str) -> str:
    pending.put(name)
    return pending.get().title()
