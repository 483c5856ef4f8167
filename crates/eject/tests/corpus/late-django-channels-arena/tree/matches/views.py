from django.core.cache import caches
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from django_ratelimit.decorators import ratelimit

from matches.models import Match
from matches.services.elo import expected
from matches.services.leaderboard import Leaderboard
from matches.services.matchmaking import enqueue
from matches.tasks import rate

replays = caches["replays"]


@require_POST
@ratelimit(key="user", rate="6/m", block=True)
def queue_up(request: HttpRequest, ladder: str, season: str) -> JsonResponse:
    board = Leaderboard(ladder, season)
    waiting = enqueue(ladder, request.user.pk, board.rating(request.user.pk))
    return JsonResponse({"waiting": waiting})


@require_POST
def report(request: HttpRequest, ladder: str, season: str) -> JsonResponse:
    match = Match.objects.create(
        ladder=ladder, season=season, winner_id=request.user.pk, loser_id=int(request.POST["loser"])
    )
    replays.set(f"replay:{match.pk}", request.POST.get("replay", ""), 86_400)
    rate.apply_async((match.pk,), countdown=2)
    return JsonResponse({"id": match.pk}, status=201)


def board(request: HttpRequest, ladder: str, season: str) -> JsonResponse:
    rows = Leaderboard(ladder, season).around(request.user.pk)
    mine = next((row.rating for row in rows if row.player == request.user.pk), 1000)
    return JsonResponse({"rows": [[r.rank, r.player, r.rating, round(expected(mine, r.rating), 2)] for r in rows]})
