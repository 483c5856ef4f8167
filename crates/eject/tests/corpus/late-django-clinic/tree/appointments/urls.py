from django.urls import path

from appointments import views

urlpatterns = [path("", views.create), path("import/", views.upload), path("slots/<day>/", views.slots)]
