from django.urls import include, path

urlpatterns = [
    path("appointments/", include("appointments.urls")),
    path("django-rq/", include("django_rq.urls")),
]
