"""Facts of 督办: a superior takes a matter under its eyes, the unit replies, the superior lifts it. And complaints about
those who handle."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.road import Request
from gongzhi.parties.models import Account, Organisation

FORMS = ("daily", "listed", "interview")  # 日常督办 · 挂牌督办 · 约谈督办


class SupervisionRequest(Request):
    """A street asks the district to supervise a unit; it cannot do so itself. ground "refused_call": written when a unit
    refuses a whistle (北京市街道办事处条例 第四十四条)."""

    kind = "supervision_request"

    ground = models.CharField(max_length=40)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)

    class Meta(Request.Meta):
        constraints = [
            *(one for one in Request.Meta.constraints if not one.name.endswith("_one_open")),
            models.UniqueConstraint(
                fields=["matter", "unit"],
                condition=Q(decided_at__isnull=True, ended_at__isnull=True),
                name="matters_supervision_asked_once",
            ),
        ]


class Supervision(Fact):
    """organisation: on whose behalf; null for the desk. supervised: the unit that must reply. rank: role of who ordered.
    replied_at: since when its reply is there."""

    kind = "supervision"

    form = models.CharField(max_length=12)
    ground = models.CharField(max_length=40)
    rank = models.CharField(max_length=24)
    demand = models.TextField()
    replied_at = models.DateTimeField(null=True, blank=True)
    lifted = models.TextField(blank=True, default="", help_text="why it was lifted")
    supervised = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(
                fields=["supervised", "matter"],
                condition=Q(ended_at__isnull=True),
                name="matters_supervised_units",
            )
        ]
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


class Urge(Fact):
    """催办: the reporter or the desk presses, once a day. on: the day in China."""

    kind = "urge"

    on = models.DateField()
    text = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["matter", "on"], name="matters_urged_once_a_day"),
        ]


class SupervisionReply(Fact):
    """What the unit did about it."""

    kind = "supervision_reply"

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    evidence = models.JSONField(default=list, blank=True)


class Complaint(Fact):
    """The report is about a unit or one of its people: they must neither handle nor see it. text: whom it means, in the
    reporter's words; alone, until the desk has found out who that is. organisation: of the desk that named them."""

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
                condition=Q(unit__isnull=False) | Q(account__isnull=False) | ~Q(text=""),
                name="matters_complaint_about",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_complaint"
            ),
        ]
