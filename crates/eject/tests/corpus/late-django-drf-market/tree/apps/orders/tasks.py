from celery import chord, group, shared_task
from celery.utils.log import get_task_logger

from apps.common import kv
from apps.orders.webhooks import notify_seller

log = get_task_logger(__name__)


@shared_task(bind=True, max_retries=8, rate_limit="10/s")
def pay_seller(self, seller_id):
    try:
        notify_seller(seller_id, "payout")
    except OSError as e:
        raise self.retry(exc=e, countdown=2**self.request.retries)
    return seller_id


@shared_task
def report(paid):
    log.info("paid %s sellers", len(paid))


@shared_task
def weekly_payouts():
    from django.contrib.auth.models import User

    sellers = User.objects.filter(product__isnull=False).distinct().values_list("pk", flat=True)
    chord(group(pay_seller.s(pk) for pk in sellers), report.s()).apply_async()


@shared_task(ignore_result=True)
def expire_baskets():
    r = kv.baskets()
    for key in r.scan_iter("basket:*"):
        if not r.hlen(key):
            log.info("empty: %s", key)
