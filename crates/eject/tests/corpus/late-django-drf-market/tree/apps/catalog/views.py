from cacheops import cached_as, invalidate_obj
from django.core.cache import cache
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.catalog.models import Product
from apps.catalog.popular import top, viewed


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = "__all__"


@cached_as(Product, timeout=120)
def price_range():
    prices = Product.objects.values_list("cents", flat=True)
    return min(prices, default=0), max(prices, default=0)


class ProductViewSet(ModelViewSet):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer

    def get_queryset(self):
        return super().get_queryset().select_related("category").cache(ops=["fetch"])

    def retrieve(self, request, *args, **kwargs):
        viewed(kwargs["pk"])
        return super().retrieve(request, *args, **kwargs)

    def perform_update(self, serializer):
        product = serializer.save()
        invalidate_obj(product.category)

    @action(detail=False)
    def popular(self, request):
        ids = cache.get_or_set("popular", top, 60)
        return Response({"ids": ids, "range": price_range()})
