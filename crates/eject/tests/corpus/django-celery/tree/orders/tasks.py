from celery import shared_task

from .locks import exclusively


@shared_task(bind=True, max_retries=5)
def ship(self, order_id: int) -> None:
    with exclusively(f"order:{order_id}"):
        print("shipped", order_id)
