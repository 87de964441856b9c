"""Facts of the judgement: call-back, appraisal, closing, doing it again. 三率 stand on these rows."""

from django.db import models
from django.db.models import Q

from gongzhi.matters.models.facts import Fact


class CallBack(Fact):
    """A call after the answer. organisation: the lead judged by it. contacted, solved, level: null = not said. pressed: the
    person says that somebody asked for a better rating (催评、要求改评)."""

    kind = "call_back"

    outcome = models.CharField(max_length=16)
    contacted = models.BooleanField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    pressed = models.BooleanField(default=False, db_default=False)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["at", "organisation"], name="matters_call_back_at")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 5)), name="matters_call_back_level"
            ),
        ]


class Appraisal(Fact):
    """The reporter's own judgement, 5 (very satisfied) to 1. organisation: the lead judged by it. pressed: somebody asked
    them for a better one."""

    kind = "appraisal"

    level = models.PositiveSmallIntegerField()
    contacted = models.BooleanField()
    solved = models.BooleanField()
    comment = models.TextField(blank=True, default="")
    pressed = models.BooleanField(default=False, db_default=False)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["at", "organisation"], name="matters_appraisal_at")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="matters_appraisal_level"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_appraised_once"
            ),
        ]


class Closure(Fact):
    """It ended. outcome: how, where somebody said so (imports). organisation: the lead then."""

    kind = "closure"

    outcome = models.CharField(max_length=16, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["at", "organisation"], name="matters_closure_at")]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_closed_once"
            ),
        ]


class Rework(Fact):
    """Sent back to the handler before closing."""

    kind = "rework"

    reason = models.TextField()


class Reopening(Fact):
    """Opened again after closing, by the reporter or by call-back."""

    kind = "reopening"

    reason = models.TextField()
