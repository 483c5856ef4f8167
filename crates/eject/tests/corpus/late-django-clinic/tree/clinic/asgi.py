import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.production")
django = get_asgi_application()

from waiting_room.consumers import WaitingRoom  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django,
        "websocket": AuthMiddlewareStack(URLRouter([path("ws/rooms/<int:room>/", WaitingRoom.as_asgi())])),
    }
)
