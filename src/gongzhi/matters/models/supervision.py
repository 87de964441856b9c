"""Facts of 督办: a superior takes a matter under its eyes, the unit replies, the superior lifts it. And complaints about
those who handle."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.parties.models import Account, Organisation

FORMS = ("daily", "listed", "interview")  # 日常督办 · 挂牌督办 · 约谈督办


class Supervision(Fact):
    """organisation: on whose behalf; null for the desk. supervised: the unit that must reply. rank: role of who ordered."""

    kind = "supervision"

    form = models.CharField(max_length=12)
    ground = models.CharField(max_length=40)
    rank = models.CharField(max_length=24)
    demand = models.TextField()
    supervised = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(form__in=FORMS), name="matters_supervision_known"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | ~Q(organisation=F("supervised")),
                name="matters_supervised_elsewhere",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_supervision"
            ),
        ]


class SupervisionReply(Fact):
    """What the unit did about it."""

    kind = "supervision_reply"

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    evidence = models.JSONField(default=list, blank=True)


class Complaint(Fact):
    """The report is about a unit or one of its people: they must neither handle nor see it."""

    kind = "complaint"

    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(account__isnull=False), name="matters_complaint_about"
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_complaint"
            ),
        ]
