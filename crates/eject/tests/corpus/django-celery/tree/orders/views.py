from django.core.cache import cache
from django.http import JsonResponse

from .tasks import ship


def ship_order(request, order_id):
    ship.delay(order_id)
    return JsonResponse({"queued": True})


def totals(request):
    return JsonResponse(cache.get_or_set("totals", lambda: {"sum": 0}, 60))
