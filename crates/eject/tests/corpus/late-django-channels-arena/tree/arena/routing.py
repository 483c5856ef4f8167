from django.urls import path

from matches.consumers import LobbyConsumer

websocket_urlpatterns = [path("ws/lobby/<slug:ladder>/", LobbyConsumer.as_asgi())]
