from django.http import JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_POST

from appointments import booking
from appointments.tasks import after_booking, import_patients


@require_POST
def create(request):
    appointment = booking.book(request.POST["patient"], parse_datetime(request.POST["starts_at"]))
    after_booking(appointment.pk)
    request.session["last"] = appointment.pk
    return JsonResponse({"id": appointment.pk}, status=201)


@require_POST
def upload(request):
    queued = import_patients.delay(request.POST["path"])
    return JsonResponse({"job": queued.id}, status=202)


@cache_page(60, cache="templates")
def slots(request, day):
    return JsonResponse({"free": booking.free_slots(day)})
