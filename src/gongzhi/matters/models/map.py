"""Counts for the map, kept by the writes: a change is one appended row, folded into the counts behind.

Nobody waits for a stranger's transaction on a popular cell, and no map ever counts over all matters.
"""

from django.db import models
from django.db.models import Q

from gongzhi.access.fields import AreaPathField
from gongzhi.parties.models import Organisation


class CellChange(models.Model):
    """How many open, not confidential matters a transaction added to (or took from) a cell of resolution 10."""

    id = models.BigAutoField(primary_key=True)
    cell = models.BigIntegerField()
    area_path = AreaPathField()
    lead_id = models.UUIDField(null=True, blank=True)
    change = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.cell} {self.change:+d}"


class CellCount(models.Model):
    """Open matters of a cell, by area and lead, at one resolution. The coarser the cell, the shorter the area path."""

    id = models.BigAutoField(primary_key=True)
    resolution = models.PositiveSmallIntegerField()
    cell = models.BigIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    area_path = AreaPathField()
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    count = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["resolution", "area_path"], condition=Q(count__gt=0), name="matters_cell_area"
            ),
            models.Index(fields=["resolution", "lead"], condition=Q(count__gt=0), name="matters_cell_lead"),
            models.Index(fields=["resolution", "lat"], condition=Q(count__gt=0), name="matters_cell_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "cell", "area_path", "lead"],
                nulls_distinct=False,
                name="matters_cell_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell} {self.count}"
