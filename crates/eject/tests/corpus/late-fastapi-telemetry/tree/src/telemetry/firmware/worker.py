import hashlib
from pathlib import Path
from typing import Any

from arq import Retry, cron
from arq.connections import RedisSettings

from ..settings import get_settings


async def check_firmware(ctx: dict[str, Any], device: str, path: str) -> str:
    file = Path(path)
    if not file.exists():
        raise Retry(defer=ctx["job_try"] * 5)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    await ctx["redis"].hset("firmware", device, digest)
    await ctx["redis"].enqueue_job("tell_device", device, _defer_by=2)
    return digest


async def tell_device(ctx: dict[str, Any], device: str) -> None:
    digest = await ctx["redis"].hget("firmware", device)
    print(f"{device} has {digest!r}")


async def sweep(ctx: dict[str, Any]) -> int:
    old = list(Path("/var/lib/telemetry").glob("*.bin"))
    for file in old:
        file.unlink()
    return len(old)


class WorkerSettings:
    functions = [check_firmware, tell_device]
    cron_jobs = [cron(sweep, hour=3, minute=10)]
    redis_settings = RedisSettings.from_dsn(str(get_settings().redis.url))
    queue_name = "firmware"
    max_jobs = 4
    job_timeout = 120
