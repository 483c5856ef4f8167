from django.db import models


class Appointment(models.Model):
    patient = models.CharField(max_length=200)
    starts_at = models.DateTimeField(db_index=True)
    queue_position = models.PositiveIntegerField(null=True)
    redis_synced = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["starts_at"], name="one_at_a_time")]
