"""Tables of the room: imports and what the source said about each matter they brought."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models import Matter


class ImportRun(models.Model):
    """One file brought in by one mapping. next_row: where an interrupted run goes on (every row before it is done).

    opened + present + rejected = rows done. present: had been here before.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.CharField(max_length=80)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    mapping_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    next_row = models.PositiveIntegerField(default=1)
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file_digest", "mapping_digest"],
                condition=Q(finished_at__isnull=True),
                name="intake_run_one_open_per_file",
            ),
            models.CheckConstraint(
                condition=Q(file_digest__regex=r"^[0-9a-f]{64}$")
                & Q(mapping_digest__regex=r"^[0-9a-f]{64}$"),
                name="intake_run_digests",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="intake_run_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.file_name}"


class SourceRecord(models.Model):
    """What the other system said about a matter, as it said it: evidence beside our own facts, never changed.

    opened_at, target_at, closed_at: its times. status: its own judgement ("ONTIME"). kept: columns the mapping keeps.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="+")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="records")
    row = models.PositiveIntegerField()
    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=120)
    status = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField()
    target_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="intake_record_external_once"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(external_id=""), name="intake_record_names_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
