from arq import create_pool, cron
from arq.connections import RedisSettings

SETTINGS = RedisSettings(host="redis", password="hunter2Arqhunter2")


async def send_mail(ctx, address: str):
    await ctx["redis"].enqueue_job("send_mail", address, _defer_by=60)


async def main():
    pool = await create_pool(SETTINGS)
    await pool.enqueue_job("send_mail", "a@example.com")


class WorkerSettings:
    functions = [send_mail]
    cron_jobs = [cron(send_mail, hour=3)]
    redis_settings = SETTINGS
