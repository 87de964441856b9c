"""Tables of the room. A database trigger moves `Revision` with every change, so no writer can forget it."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.parties.models import Person
from gongzhi.places.levels import LEVELS, NAME_KINDS


class Area(models.Model):
    """A piece of the town. `path` is the chain of codes from the top with a trailing slash: "430102/430102001/".

    geometry: GeoJSON Polygon or MultiPolygon in WGS-84, validated before it is stored; null for areas without a shape.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    path = AreaPathField(blank=False)
    geometry = models.JSONField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    manager = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="managed_areas")
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="places_area_path"),
            models.Index(fields=["level", "code"], name="places_area_level"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(ended_at__isnull=True), name="places_area_code_once"
            ),
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="places_area_level_known"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(code__contains="/"), name="places_area_code_plain"
            ),
            models.CheckConstraint(condition=Q(path__endswith="/"), name="places_area_path_ends"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="places_area_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(geometry__isnull=True, west__isnull=True)
                | Q(
                    geometry__isnull=False,
                    west__gte=-180,
                    east__lte=180,
                    south__gte=-90,
                    north__lte=90,
                    west__lte=F("east"),
                    south__lte=F("north"),
                ),
                name="places_area_box_of_shape",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("registered_at")),
                name="places_area_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """A name people use for a place: alias of an area, road, estate, building, shop. Valid for a half-open period."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=120)
    normalised = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    area = models.ForeignKey(Area, models.PROTECT, related_name="names")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["normalised"], name="places_name_normalised")]
        constraints = [
            models.UniqueConstraint(
                fields=["normalised", "area"],
                condition=Q(valid_until__isnull=True),
                name="places_name_once_per_area",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(NAME_KINDS)), name="places_name_kind_known"),
            models.CheckConstraint(condition=~Q(normalised=""), name="places_name_not_empty"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="places_name_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="places_name_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One row: the number that moves when anything in this room's tables changes. Cheap to ask before every batch."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="places_revision_single")]

    def __str__(self) -> str:
        return str(self.number)
