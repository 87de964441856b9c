"""What every fact has: whose, when, by whom, for which organisation, and since when it no longer counts."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.matter import Matter
from gongzhi.parties.models import Organisation

FACTS: dict[str, "type[Fact]"] = {}
REASON_LETTERS_MAX = 4000


class Fact(models.Model):
    """by: pseudonymous reference of who did it · organisation: on whose behalf, where that matters · ended_at: when it
    stopped to count; the row stays. Subclasses register themselves under `kind`; the database gives each the same
    period check.
    """

    kind = ""

    id = models.UUIDField(primary_key=True, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("at")),
                name="matters_%(class)s_ends_after_start",
            )
        ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("kind"):
            FACTS[cls.kind] = cls

    def __str__(self) -> str:
        return f"{self.kind} {self.matter_id}"
