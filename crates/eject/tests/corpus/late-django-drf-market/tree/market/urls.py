from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from apps.accounts.views import LogoutView, SessionDeviceList
from apps.catalog.views import ProductViewSet
from apps.orders.views import BasketView, CheckoutView

router = DefaultRouter()
router.register("products", ProductViewSet)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(router.urls)),
    path("api/basket/", BasketView.as_view()),
    path("api/checkout/", CheckoutView.as_view()),
    path("api/logout/", LogoutView.as_view()),
    path("api/devices/", SessionDeviceList.as_view()),
]
