from celery import shared_task
from celery.utils.log import get_task_logger
from django.utils import timezone

from matches.models import Match
from matches.services import elo
from matches.services.leaderboard import Leaderboard
from matches.services.locks import exclusively

logger = get_task_logger(__name__)


@shared_task(bind=True, acks_late=True, max_retries=5)
def rate(self, match_id: int) -> None:
    match = Match.objects.get(pk=match_id)
    board = Leaderboard(match.ladder, match.season)
    with exclusively(f"rate:{match.ladder}"):
        winner, loser = elo.after(board.rating(match.winner_id), board.rating(match.loser_id))
        board.record({match.winner_id: winner, match.loser_id: loser})


@shared_task
def decay_ratings(ladder: str = "ranked") -> int:
    return Leaderboard(ladder, f"{timezone.now():%Y-%m}").decay(floor=1200, by=5)


@shared_task(rate_limit="1/m")
def close_season() -> None:
    logger.info("the season of %s is closed", timezone.now())
