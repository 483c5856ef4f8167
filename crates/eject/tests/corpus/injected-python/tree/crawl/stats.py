from .connection import from_settings as redis_from_settings


class Stats:
    def __init__(self, settings):
        self.server = redis_from_settings(settings)

    def increment(self, key):
        self.server.hincrby("stats", key, 1)
