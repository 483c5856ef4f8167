from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import LockError
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.orders.basket import Basket
from apps.orders.tasks import pay_seller


class BasketView(APIView):
    def get(self, request):
        return Response(Basket(request.user.pk).lines())

    def post(self, request):
        Basket(request.user.pk).add(request.data["product"], request.data.get("count", 1))
        return Response(status=204)


class CheckoutView(APIView):
    throttle_scope = "checkout"

    def post(self, request):
        basket = Basket(request.user.pk)
        try:
            with basket.locked():
                lines = basket.lines()
                basket.clear()
        except LockError:
            return Response({"detail": "busy"}, status=409)
        pay_seller.apply_async((request.data["seller"],), countdown=3600)
        layer = get_channel_layer()
        async_to_sync(layer.group_send)(f"seller-{request.data['seller']}", {"type": "sold", "lines": lines})
        return Response({"lines": lines}, status=201)
