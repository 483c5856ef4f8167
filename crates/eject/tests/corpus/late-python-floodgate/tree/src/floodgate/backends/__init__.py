from floodgate.backends.base import Backend
from floodgate.backends.memory import MemoryBackend

__all__ = ["Backend", "MemoryBackend", "load_core"]


def load_core():
    from floodgate.backends.core import CoreBackend

    return CoreBackend
