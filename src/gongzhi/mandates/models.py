"""Tables of the room. A trigger moves `Revision` with every change of mandates; another keeps the lists of streets."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.catalogue.models import Category
from gongzhi.parties.models import Organisation

ROLES = ("lead", "assist", "supervise")
PARTS = ("basic", "assisting", "taken_back")


class Mandate(models.Model):
    """One row of a responsibility list. Counts at `at` when valid_from <= at < valid_until and it is not ended.

    part: the part of the street's list the item is in: basic (基本), assisting (配合), taken_back (上级收回).
    area_path "" = the whole installation. Limits null: the category's. Changing one = ending it and giving another.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.CharField(max_length=40, help_text="code of the item in the published list")
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    area_path = AreaPathField()
    category = models.ForeignKey(Category, models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=12)
    part = models.CharField(max_length=12, default="basic")
    basis = models.TextField(help_text="law or rule and article")
    basis_until_on = models.DateField(
        null=True, blank=True, help_text="day from which the basis is no longer in force"
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    response_value = models.PositiveSmallIntegerField(null=True, blank=True)
    response_unit = models.CharField(max_length=12, blank=True, default="")
    handling_value = models.PositiveSmallIntegerField(null=True, blank=True)
    handling_unit = models.CharField(max_length=12, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "item"], name="mandates_by_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "organisation", "area_path", "category", "role"],
                condition=Q(ended_at__isnull=True),
                name="mandates_given_once",
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="mandates_role_known"),
            models.CheckConstraint(condition=Q(part__in=PARTS), name="mandates_part_known"),
            models.CheckConstraint(condition=~Q(item="") & ~Q(basis=""), name="mandates_item_and_basis"),
            models.CheckConstraint(
                condition=Q(area_path="") | Q(area_path__endswith="/"), name="mandates_path_ends"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="mandates_period",
            ),
            models.CheckConstraint(
                condition=Q(response_value__isnull=True, response_unit="")
                | (Q(response_value__gt=0) & ~Q(response_unit="")),
                name="mandates_response_whole",
            ),
            models.CheckConstraint(
                condition=Q(handling_value__isnull=True, handling_unit="")
                | (Q(handling_value__gt=0) & ~Q(handling_unit="")),
                name="mandates_handling_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.role}"


class MandateGap(models.Model):
    """That a matter could not be routed: nobody owns it (gap) or several claim it (overlap). Open until settled."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=12)
    category = models.ForeignKey(Category, models.PROTECT, related_name="gaps")
    area_path = AreaPathField()
    candidates = models.JSONField(default=list, blank=True, help_text="ids of organisations that claim it")
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("gap", "overlap")), name="mandates_gap_kind_known"),
            models.UniqueConstraint(
                fields=["kind", "category", "area_path"],
                condition=Q(ended_at__isnull=True),
                name="mandates_gap_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("found_at")),
                name="mandates_gap_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_path}"


class Revision(models.Model):
    """One row: the number that moves when any mandate changes. It is the version a route is decided under."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="mandates_revision_single")]

    def __str__(self) -> str:
        return str(self.number)
