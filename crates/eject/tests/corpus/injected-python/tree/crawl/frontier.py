class Frontier:
    """Per-spider frontier.

    Parameters
    ----------
    server : redis.Redis
        Client instance.
    """

    def __init__(self, server, key):
        self.server = server
        self.key = key

    def __len__(self):
        return self.server.llen(self.key)

    def push(self, url):
        self.server.lpush(self.key, url)

    def pop(self, timeout=0):
        if timeout:
            return self.server.brpop(self.key, timeout)
        with self.server.pipeline() as pipe:
            pipe.lrange(self.key, -1, -1).ltrim(self.key, 0, -2)
            pipe.execute()
        return None


class Memory:
    """The same in memory."""

    def __init__(self):
        self.items = []

    def push(self, url):
        self.items.append(url)

    def pop(self):
        return self.items.pop()
