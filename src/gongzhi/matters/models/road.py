"""Facts of the road to a handler: who should, who must, who signed, who wanted to give it back."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.matters.models.facts import Fact
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area

ROUTE_STATES = ("led", "consultation", "gap")
DECISIONS = ("granted", "refused")


class Routing(Fact):
    """What the responsibility list said: organisation = the lead it names (null: consultation or gap).

    reason: code and params of mandates.reasons.Reason. Limits as [value, unit] or null: the clocks read them.
    """

    kind = "routing"

    state = models.CharField(max_length=16)
    mandate_id = models.UUIDField(null=True, blank=True)
    reason = models.JSONField(default=dict)
    response = models.JSONField(null=True, blank=True)
    handling = models.JSONField(null=True, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    assistants = models.JSONField(default=list, blank=True)
    supervisors = models.JSONField(default=list, blank=True)
    table_version = models.BigIntegerField(default=0)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_routing"
            ),
            models.CheckConstraint(
                condition=Q(state="led", organisation__isnull=False)
                | Q(state__in=("consultation", "gap"), organisation__isnull=True),
                name="matters_routing_whole",
            ),
        ]


class Acceptance(Fact):
    """The matter was taken on; category_before: code when the desk corrected it."""

    kind = "acceptance"

    note = models.TextField(blank=True, default="")
    category_before = models.CharField(max_length=40, blank=True, default="")


class Placement(Fact):
    """The desk said where it is. path_before: the area it stood in until then."""

    kind = "placement"

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    path_before = AreaPathField()
    address = models.CharField(max_length=300, blank=True, default="")


class Diversion(Fact):
    """Another channel was named (北京市接诉即办工作条例 第十一条). reason: code of the procedure's choice."""

    kind = "diversion"

    reason = models.CharField(max_length=40)
    reply = models.TextField()


class Assignment(Fact):
    """organisation leads or assists. designated: by ruling, may not be returned (潍坊条例 第二十二条)."""

    kind = "assignment"

    role = models.CharField(max_length=8)
    reason = models.TextField(blank=True, default="")
    designated = models.BooleanField(default=False)
    mandate_id = models.UUIDField(null=True, blank=True)
    area_path = AreaPathField()

    class Meta(Fact.Meta):
        indexes = [
            models.Index(
                fields=["organisation", "matter"],
                condition=Q(role="assist", ended_at__isnull=True),
                name="matters_assists",
            )
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(role__in=("lead", "assist"), organisation__isnull=False),
                name="matters_assignment_whole",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(role="lead", ended_at__isnull=True), name="matters_one_lead"
            ),
            models.UniqueConstraint(
                fields=["matter", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="matters_assigned_once",
            ),
        ]


class Signature(Fact):
    """Someone of the lead took it in hand."""

    kind = "signature"

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_signature"
            ),
        ]


class Request(Fact):
    """Something a unit asks and another organisation decides. organisation, by: the applicant's."""

    reason = models.TextField()
    decision = models.CharField(max_length=8, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decider_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ruling = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by="")
                | (Q(decision__in=DECISIONS, decided_at__gte=F("at")) & ~Q(decided_by="")),
                name="matters_%(class)s_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decider_organisation__isnull=True) | ~Q(decider_organisation=F("organisation")),
                name="matters_%(class)s_decided_elsewhere",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("by")), name="matters_%(class)s_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False), name="matters_%(class)s_asked_by_a_unit"
            ),
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(decided_at__isnull=True, ended_at__isnull=True),
                name="matters_%(class)s_one_open",
            ),
        ]


class ReturnRequest(Request):
    """The lead says that it is not responsible."""

    kind = "return_request"

    proposed = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
