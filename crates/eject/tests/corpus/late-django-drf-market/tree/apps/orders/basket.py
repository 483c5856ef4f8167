from django.core.cache import caches

from apps.common.kv import baskets


class Basket:
    def __init__(self, user_id):
        self.key = f"basket:{user_id}"
        self.r = baskets()

    def add(self, product_id, count=1):
        self.r.hincrby(self.key, product_id, count)

    def lines(self):
        return {int(k): int(v) for k, v in self.r.hgetall(self.key).items()}

    def clear(self):
        self.r.delete(self.key)

    def locked(self):
        return caches["baskets"].lock(f"{self.key}:lock", timeout=15)
