from django.conf import settings
from django.db import models


class Match(models.Model):
    ladder = models.SlugField()
    season = models.CharField(max_length=7)
    winner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="won")
    loser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lost")
    replay = models.CharField(max_length=64, blank=True)
    redis_ticket = models.CharField(max_length=36, blank=True)
    played_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-played_at"]
        indexes = [models.Index(fields=["ladder", "season"])]
