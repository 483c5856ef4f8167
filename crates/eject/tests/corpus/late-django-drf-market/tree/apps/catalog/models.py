from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=100)
    redis_synced_at = models.DateTimeField(null=True)


class Product(models.Model):
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    title = models.CharField(max_length=200)
    cents = models.PositiveIntegerField()
    seller = models.ForeignKey("auth.User", on_delete=models.CASCADE)
