"""Orders of a superior platform (city 12345, 数字城管, 综治): what it gave, and what we ask of it."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.road import DECISIONS

ASKED_OF_A_SUPERIOR = ("return", "extension")


class SuperiorOrder(Fact):
    """A superior platform gave this matter, under its number, until its deadline. Changed: this row ends, a new one begins.

    superior: its code · title_zh, title_en: its name then · due_at: binding; ours may be earlier, never later ·
    closes: only the superior ends it.
    """

    kind = "superior_order"

    superior = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    number = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    closes = models.BooleanField(default=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(
                fields=["matter"],
                condition=Q(ended_at__isnull=True, closes=True),
                name="matters_order_closes",
            )
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(superior="") & ~Q(number=""), name="matters_superiororder_named"
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_superior_order"
            ),
        ]


class SuperiorRequest(Fact):
    """What the desk asks of the superior: to take it back, or more time. Only the superior decides; nobody here.

    about: "return" or "extension" · days: working days asked for (extension).
    """

    kind = "superior_request"

    about = models.CharField(max_length=9)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField()
    decision = models.CharField(max_length=8, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    ruling = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(about="return", days__isnull=True) | Q(about="extension", days__gt=0),
                name="matters_superiorrequest_known",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by="")
                | (Q(decision__in=DECISIONS, decided_at__gte=F("at")) & Q(decided_by="system")),
                name="matters_superiorrequest_decided_by_the_superior",
            ),
            models.UniqueConstraint(
                fields=["matter", "about"],
                condition=Q(decided_at__isnull=True, ended_at__isnull=True),
                name="matters_superiorrequest_one_open",
            ),
        ]
