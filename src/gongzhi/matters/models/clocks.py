"""Clocks that run, rest or have stopped, and the steps of ladders they have climbed."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.matter import Matter
from gongzhi.parties.models import Organisation


class ClockRun(models.Model):
    """One run of one clock of a procedure. The question stands beside the answer, so it can be asked again.

    limit_value null: the deadline was given (by a superior, or by the source of an import). ceiling_at: whatever the
    limit says, it is due no later (a superior's deadline). pauses: [[from, until|null], …] in ISO 8601.
    extensions: [[value, unit], …]. due_at null while paused. unpublished_year: the deadline is provisional because of
    it. bearer: the organisation whose working hours count (null: office hours). of: the fact whose clock it is, where a
    procedure gives each fact of a kind its own (null: the matter's). next_step_at: when the ladder's next
    step is due; steps: percents taken.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="clock_runs", db_index=False)
    code = models.CharField(max_length=40)
    of = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField()
    limit_value = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_unit = models.CharField(max_length=12, blank=True, default="")
    always = models.BooleanField(default=False, help_text="counts round the clock, not the bearer's hours")
    bearer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    pauses = models.JSONField(default=list, blank=True)
    extensions = models.JSONField(default=list, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ceiling_at = models.DateTimeField(null=True, blank=True)
    unpublished_year = models.PositiveSmallIntegerField(null=True, blank=True)
    promised = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [
            # Also the foreign key's own: which run of this clock counted at that instant.
            models.Index(fields=["matter", "code", "started_at"], name="matters_clock_of"),
            models.Index(
                fields=["next_step_at"],
                condition=Q(stopped_at__isnull=True, next_step_at__isnull=False),
                name="matters_clock_steps",
            ),
            models.Index(
                fields=["unpublished_year"],
                condition=Q(stopped_at__isnull=True, unpublished_year__isnull=False),
                name="matters_clock_provisional",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "code", "of"],
                condition=Q(stopped_at__isnull=True),
                nulls_distinct=False,
                name="matters_clock_of_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="matters_clock_stops_later",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(next_step_at__isnull=True),
                name="matters_clock_stopped_is_quiet",
            ),
            models.CheckConstraint(
                condition=Q(limit_value__isnull=True, limit_unit="")
                | (Q(limit_value__gt=0) & ~Q(limit_unit="")),
                name="matters_clock_limit_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.matter_id}"


class Escalation(Fact):
    """A step of a ladder was taken: `to` was told that at_percent of `clock` was used."""

    kind = "escalation"

    run = models.ForeignKey(ClockRun, models.PROTECT, related_name="escalations")
    clock = models.CharField(max_length=40)
    at_percent = models.PositiveSmallIntegerField()
    to = models.CharField(max_length=40)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["run", "at_percent", "to"], name="matters_escalated_once"),
        ]
