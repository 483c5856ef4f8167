from django.db import migrations, models


class Migration(migrations.Migration):
    """Orders remember their key in Redis."""

    dependencies = [("orders", "0001_initial")]
    operations = [migrations.AddField("order", "redis_key", models.CharField(max_length=100))]
