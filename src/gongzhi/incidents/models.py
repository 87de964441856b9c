"""Tables of the room. Facts are ended, never deleted."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.matters.models import Matter

OUTCOMES = ("reached", "no_answer", "wrong_number", "declined")
ENTRY_KINDS = ("duty", "resource", "note")
HOW = ("itself", "hand")
RADIUS_METRES = (50, 20_000)


class Incident(models.Model):
    """One event. heart: the matter that is handled. categories: codes, what lies below them included. since: reports
    opened from then on belong to it. banner: what everybody may read. script: what is said on the phone."""

    id = models.UUIDField(primary_key=True, editable=False)
    heart = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    plan = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=120)
    categories = models.JSONField(default=list)
    area_path = AreaPathField()
    lon = models.FloatField()
    lat = models.FloatField()
    radius_metres = models.PositiveIntegerField()
    since = models.DateTimeField()
    banner = models.TextField()
    script = models.TextField(blank=True, default="")
    by = models.CharField(max_length=80)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True, default="")
    lessons = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["-declared_at", "-id"], name="incidents_newest"),
            models.Index(fields=["area_path"], condition=Q(ended_at__isnull=True), name="incidents_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["heart"], condition=Q(ended_at__isnull=True), name="incidents_one_by_heart"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(banner=""), name="incidents_named"),
            models.CheckConstraint(
                condition=Q(radius_metres__gte=RADIUS_METRES[0], radius_metres__lte=RADIUS_METRES[1]),
                name="incidents_radius",
            ),
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="incidents_on_earth",
            ),
            models.CheckConstraint(condition=Q(since__lte=F("declared_at")), name="incidents_since"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (Q(ended_at__gte=F("declared_at")) & ~Q(conclusion="")),
                name="incidents_ended_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class _Fact(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.incident_id}"


class Gathered(_Fact):
    """A report that belongs to it. how: itself, by the rule, whose reason stands beside it; or by hand."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8)
    metres = models.PositiveIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="incidents_gathered_once"
            ),
            models.CheckConstraint(condition=Q(how__in=HOW), name="incidents_how_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("at")),
                name="incidents_gathered_period",
            ),
        ]


class Update(_Fact):
    """One message to everybody who reported and to whoever reads the banner."""

    text = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="incidents_update_says")]


class CallBack(_Fact):
    """One attempt to reach the reporter of one report. solved: what they said, None when not asked."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    solved = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="incidents_outcome_known"),
            models.CheckConstraint(
                condition=Q(solved__isnull=True) | Q(outcome="reached"), name="incidents_solved_when_reached"
            ),
        ]


class Entry(_Fact):
    """A line of the log. duty: who does what · resource: what, how many, from whom · note. Ended: done, given back."""

    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=400)
    who = models.CharField(max_length=80, blank=True, default="")
    quantity = models.PositiveIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ENTRY_KINDS), name="incidents_entry_known"),
            models.CheckConstraint(condition=~Q(text=""), name="incidents_entry_says"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("at")), name="incidents_entry_period"
            ),
        ]
