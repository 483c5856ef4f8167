from django.urls import path

from . import views

urlpatterns = [path("<int:order_id>/ship", views.ship_order), path("totals", views.totals)]
