"""The one table of the room."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField


class Trial(models.Model):
    """推演记录: since <= day opened < until, replayed at `at`. proposed: file name → SHA-256. digest: of everything that went in; the
    same digest has the same result. area_path: only cases at or below it. Written once."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    area_path = AreaPathField()
    since = models.DateField()
    until = models.DateField()
    proposed = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    cases = models.PositiveIntegerField()
    result = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="lab_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="lab_period"),
            models.CheckConstraint(condition=~Q(digest=""), name="lab_digest"),
            models.CheckConstraint(
                condition=Q(area_path="") | Q(area_path__endswith="/"), name="lab_path_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since}–{self.until}"
