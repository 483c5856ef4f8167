from taskiq import TaskiqScheduler
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListQueueBroker, RedisAsyncResultBackend

from ticker.settings import get_settings

_url = str(get_settings().redis_url)
broker = ListQueueBroker(url=_url, queue_name="ticker").with_result_backend(RedisAsyncResultBackend(_url, result_ex_time=600))
scheduler = TaskiqScheduler(broker, sources=[LabelScheduleSource(broker)])


@broker.task(schedule=[{"cron": "*/5 * * * *"}])
async def refresh() -> None:
    print("refreshed")


@broker.task(retry_on_error=True, max_retries=3)
async def backfill(symbol: str, days: int) -> int:
    return len(symbol) * days
