from django.urls import include, path

urlpatterns = [path("matches/", include("matches.urls"))]
