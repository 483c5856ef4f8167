from redis.asyncio import Redis

from ragdesk.limits import TokenBucket


async def test_empties(kv: Redis):
    bucket = TokenBucket(kv, size=2, per_second=0.001)
    assert (await bucket.take("t")).allowed
    assert (await bucket.take("t")).allowed
    assert not (await bucket.take("t")).allowed
    assert await kv.exists("bucket:t")
