import msgspec
from labcore.db import Sample, make_session
from labcore.redis import async_sample_lock
from litestar import Controller, get, post
from litestar.exceptions import ClientException
from redis.asyncio import Redis

from lab_api.memo import matrices
from lab_api.printing import print_label


class Arrival(msgspec.Struct):
    barcode: str
    matrix: str


class SampleController(Controller):
    path = "/samples"

    @get("/{barcode:str}", cache=30)
    async def show(self, barcode: str) -> dict:
        with make_session() as session:
            sample = session.get(Sample, barcode)
        return {"barcode": barcode, "matrix": sample.matrix if sample else None}

    @post("/")
    async def receive(self, data: Arrival, redis: Redis) -> dict:
        if data.matrix not in matrices():
            raise ClientException("unknown matrix")
        async with async_sample_lock(redis, data.barcode):
            first = await redis.set(f"seen:{data.barcode}", 1, nx=True, ex=86_400)
            if not first:
                raise ClientException("scanned twice")
            async with redis.pipeline(transaction=True) as pipe:
                pipe.incr("stats:received")
                pipe.sadd(f"matrix:{data.matrix}", data.barcode)
                received, *_ = await pipe.execute()
        print_label(data.barcode)
        return {"received": received}
