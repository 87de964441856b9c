"""Facts of the work: contact, time asked for, answer, verification, words, joining."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.matter import Matter
from gongzhi.matters.models.road import Request

AUDIENCES = ("public", "staff")


class Contact(Fact):
    """An attempt to reach the reporter. outcome: reached | no_answer | wrong_number | declined."""

    kind = "contact"

    outcome = models.CharField(max_length=16)
    note = models.TextField(blank=True, default="")


class ExtensionRequest(Request):
    """More time for a clock: value whole units."""

    kind = "extension_request"

    clock = models.CharField(max_length=40)
    value = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=12)


class Answer(Fact):
    """What the lead says it did. now: answered at once by the desk, without a handler."""

    kind = "answer"

    result = models.CharField(max_length=16)
    reply = models.TextField()
    evidence = models.JSONField(default=list, blank=True)
    now = models.BooleanField(default=False)


class Verification(Fact):
    """Someone other than the handler looked. handler: reference of who had answered."""

    kind = "verification"

    decision = models.CharField(max_length=8)
    note = models.TextField(blank=True, default="")
    evidence = models.JSONField(default=list, blank=True)
    handler = models.CharField(max_length=80)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(by=F("handler")), name="matters_verified_by_another"),
            models.CheckConstraint(
                condition=Q(decision__in=("passed", "failed")), name="matters_verification_decided"
            ),
        ]


class Merge(Fact):
    """This matter goes on in `into`; its reporter hears what happens there. from_state: where it was until then."""

    kind = "merge"

    into = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=40, blank=True, default="")
    reason = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(into=F("matter")), name="matters_merged_elsewhere"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_merged_once"
            ),
        ]


class Note(Fact):
    """Words beside the road. audience public: the reporter reads it; staff: the reporter never does."""

    kind = "note"

    audience = models.CharField(max_length=8)
    text = models.TextField()
    files = models.JSONField(default=list, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="matters_note_audience"),
        ]
