"""Tables of the room. Facts are ended, never deleted."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Organisation

KINDS = ("consultation", "council")
SEATS = ("invited", "came", "excused", "absent")
OUTCOMES = ("", "decided", "postponed")


class Council(models.Model):
    """One meeting. consultation 会商: units settle whose job it is; council 议事会: a board meets. Ended with minutes."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    area_path = AreaPathField()
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True, default="")
    by = models.CharField(max_length=80)
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-planned_at", "-id"], name="councils_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="councils_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="councils_named"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (Q(ended_at__gte=F("called_at")) & ~Q(minutes="")),
                name="councils_ended_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """What is talked about: a matter, or words. outcome "" until it was."""

    id = models.UUIDField(primary_key=True, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "position"], name="councils_item_place"),
            models.UniqueConstraint(
                fields=["council", "matter"],
                condition=Q(matter__isnull=False),
                name="councils_matter_once",
            ),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="councils_outcome_known"),
            models.CheckConstraint(condition=~Q(title=""), name="councils_item_named"),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """A unit that is asked to come. who: the person it sent."""

    id = models.UUIDField(primary_key=True, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="invited")
    who = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "organisation"], name="councils_seat_once"),
            models.CheckConstraint(condition=Q(state__in=SEATS), name="councils_seat_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"


class Decision(models.Model):
    """What was decided on an item: who does what until when. matter: where it is done, with its own clock."""

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    text = models.TextField()
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="councils_decision_says")]

    def __str__(self) -> str:
        return self.text[:40]
