from .base import *

DEBUG = True
ALLOWED_HOSTS = ["*"]

# One process is enough on a laptop: no Redis for the sockets.
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
