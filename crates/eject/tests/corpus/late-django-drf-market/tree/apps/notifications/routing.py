from django.urls import path

from apps.notifications.consumers import SellerConsumer

websocket_urlpatterns = [path("ws/seller/", SellerConsumer.as_asgi())]
