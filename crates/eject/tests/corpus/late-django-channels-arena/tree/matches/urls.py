from django.urls import path

from matches.views import board, queue_up, report

urlpatterns = [
    path("<slug:ladder>/<str:season>/", board),
    path("<slug:ladder>/<str:season>/queue/", queue_up),
    path("<slug:ladder>/<str:season>/report/", report),
]
