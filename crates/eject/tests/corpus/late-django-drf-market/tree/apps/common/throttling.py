import time
import uuid

from rest_framework.throttling import SimpleRateThrottle

from apps.common import kv

SCRIPT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, ARGV[1] - ARGV[2])
local n = redis.call('ZCARD', KEYS[1])
if n < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return n
"""


class SlidingWindowThrottle(SimpleRateThrottle):
    scope = "sliding"

    def get_cache_key(self, request, view):
        return f"throttle:{request.user.pk or self.get_ident(request)}"

    def allow_request(self, request, view):
        window = kv.default().register_script(SCRIPT)
        key = self.get_cache_key(request, view)
        seen = window(keys=[key], args=[time.time(), self.duration, self.num_requests, uuid.uuid4().hex])
        return seen < self.num_requests

    def wait(self):
        return None
