from django.conf import settings
from django.db import models


class DeviceSession(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    user_agent = models.CharField(max_length=300)
    cache_key = models.CharField(max_length=64, unique=True)
    last_seen = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "sessions"
