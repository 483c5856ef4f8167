from django.db.models.signals import post_save
from django.dispatch import receiver

from matches.models import Match
from matches.services.matchmaking import forget


@receiver(post_save, sender=Match)
def leave_the_queue(sender, instance: Match, created: bool, **kwargs):
    if created:
        forget(instance.ladder, instance.winner_id, instance.loser_id)
