from collections import deque
from queue import Queue

todo: Queue = Queue()
recent = deque(maxlen=10)


def resize(image: int) -> int:
    todo.put(image)
    recent.append(todo.get())
    return image // 2
