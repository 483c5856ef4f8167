from django.db import models


class Order(models.Model):
    redis_key = models.CharField(max_length=100)  # a name that was kept
