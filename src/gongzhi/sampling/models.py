"""Tables of the room. A frame and what was drawn are never changed; entries are facts."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Account, Organisation

KINDS = ("quality", "revisit")
OUTCOMES = ("reached", "not_reached")
SEATS = (1, 2, 3)


class Frame(models.Model):
    """Closed cases of since_on <= day < until_on in an area, as they stood at frozen_at. kind: quality (somebody is
    called) or revisit (somebody of another grid looks). digest: SHA-256 of the population, in the act, too.
    evaluators: ids of the accounts named, in the order they are dealt to."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    area_path = AreaPathField()
    since_on = models.DateField()
    until_on = models.DateField()
    method = models.CharField(max_length=24)
    seed = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    population = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    evaluators = models.JSONField(default=list)
    frozen_at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["-frozen_at"], name="sampling_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="sampling_kind_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(seed=""), name="sampling_named"),
            models.CheckConstraint(condition=Q(until_on__gt=F("since_on")), name="sampling_period"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="sampling_digest_is_sha256"
            ),
            models.CheckConstraint(
                condition=Q(drawn__gte=1) & Q(drawn__lte=F("population")), name="sampling_drawn_of_population"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """A case of the population. stratum: "street area path|category code" at freezing; unit: who led it then. place: its
    place in the draw of its stratum, null when it was not drawn. doubled: looked at by two."""

    id = models.UUIDField(primary_key=True, editable=False)
    frame = models.ForeignKey(Frame, models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    stratum = models.CharField(max_length=200)
    place = models.PositiveIntegerField(null=True, blank=True)
    doubled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame", "matter"], name="sampling_member_once"),
            models.UniqueConstraint(
                fields=["frame", "stratum", "place"],
                condition=Q(place__isnull=False),
                name="sampling_place_once",
            ),
            models.CheckConstraint(
                condition=Q(doubled=False) | Q(place__isnull=False), name="sampling_doubled_is_drawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frame_id} {self.matter_id}"


class Task(models.Model):
    """One evaluator and one drawn case. seat: 1, 2 for those looked at twice, 3 where the two differ."""

    id = models.UUIDField(primary_key=True, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="tasks", db_index=False)
    seat = models.PositiveSmallIntegerField()
    evaluator = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "seat"], name="sampling_seat_once"),
            models.UniqueConstraint(fields=["member", "evaluator"], name="sampling_evaluator_once"),
            models.CheckConstraint(condition=Q(seat__in=SEATS), name="sampling_seat_known"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.seat}"


class Entry(models.Model):
    """What an evaluator found, once. outcome reached: they spoke to the person, or saw the place. level: null on a
    revisit."""

    id = models.UUIDField(primary_key=True, editable=False)
    task = models.OneToOneField(Task, models.PROTECT, related_name="entry")
    outcome = models.CharField(max_length=12)
    contacted = models.BooleanField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="sampling_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="reached", solved__isnull=False)
                | Q(outcome="not_reached", contacted__isnull=True, solved__isnull=True, level__isnull=True),
                name="sampling_entry_whole",
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 5)), name="sampling_level_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.task_id)
