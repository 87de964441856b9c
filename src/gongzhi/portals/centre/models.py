"""A desk's own filters. What they find is judged anew at every look."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SavedFilter(models.Model):
    """A named query string of the inbox, of one person. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_filters")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    saved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"], condition=Q(ended_at__isnull=True), name="centre_filter_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="centre_filter_named"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("saved_at")),
                name="centre_filter_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name
