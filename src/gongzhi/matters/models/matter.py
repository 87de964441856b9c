"""The matter itself: only what lists filter, order and judge by. Everything else about it is a fact."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.catalogue.models import Category, ProcedureVersion
from gongzhi.catalogue.procedure import STAGES
from gongzhi.matters.reports import CHANNELS, PLACE_STATES, URGENCIES
from gongzhi.parties.models import Account, Organisation, Person
from gongzhi.places.models import Area


class Matter(models.Model):
    """One matter. `stage` follows from `state` and its procedure; `due_at` is the nearest deadline that runs now.

    number: public and unguessable. version: counts changes, starts at 1. lead, handler: the current ones, as the facts
    Assignment and Signature say; accused_unit, accused_account: whom it complains of, as the fact Complaint says, and from
    whom it is kept. origin, external_id: where it came from and its id there, "" when born here.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=24)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    procedure = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=40)
    stage = models.CharField(max_length=12)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    area_path = AreaPathField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True, help_text="H3, resolution 10")
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accused_unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accused_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=12)
    urgency = models.CharField(max_length=12, default="normal")
    confidential = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [
            # Open matters are a few per cent of all: the inbox reads only these.
            models.Index(
                fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="matters_open_due"
            ),
            models.Index(
                fields=["state", "due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="matters_open_state",
            ),
            models.Index(
                fields=["area_path", "due_at"], condition=Q(closed_at__isnull=True), name="matters_open_area"
            ),
            models.Index(
                fields=["lead", "due_at"], condition=Q(closed_at__isnull=True), name="matters_open_lead"
            ),
            models.Index(
                fields=["lat", "lon", "id"],
                condition=Q(closed_at__isnull=True, lat__isnull=False),
                name="matters_open_place",
            ),
            models.Index(fields=["-opened_at", "-id"], name="matters_newest"),
            models.Index(fields=["area_path", "-opened_at"], name="matters_area_newest"),
            models.Index(fields=["lead", "-opened_at", "-id"], name="matters_lead_newest"),
            models.Index(fields=["reporter", "-opened_at", "-id"], name="matters_reporter_newest"),
            models.Index(
                fields=["accused_account", "accused_unit"],
                condition=Q(accused_account__isnull=False) | Q(accused_unit__isnull=False),
                name="matters_accused",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "external_id"], condition=~Q(external_id=""), name="matters_external_once"
            ),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="matters_stage_known"),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False)
                | (~Q(stage="closed") & Q(closed_at__isnull=True)),
                name="matters_closed_when_final",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at"), due_at__isnull=True),
                name="matters_closed_after_opened",
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(state=""), name="matters_numbered"),
            models.CheckConstraint(condition=Q(version__gte=1), name="matters_version_from_1"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="matters_channel_known"),
            models.CheckConstraint(condition=Q(urgency__in=URGENCIES), name="matters_urgency_known"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True, cell__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="matters_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(area_path="", area__isnull=True) | Q(area_path__endswith="/"),
                name="matters_path_ends",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | Q(lead__isnull=False), name="matters_handler_of_a_lead"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MatterText(models.Model):
    """The reporter's words: personal by nature, so they stand apart. tokens: null until the worker has indexed them."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="words")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    place_state = models.CharField(max_length=8, default="unknown")
    anonymous = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    source = models.CharField(max_length=200, blank=True, default="")
    tokens = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], condition=Q(tokens__isnull=False), name="matters_text_tokens"),
            models.Index(fields=["matter"], condition=Q(tokens__isnull=True), name="matters_text_unindexed"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="matters_text_titled"),
            models.CheckConstraint(
                condition=Q(place_state__in=PLACE_STATES), name="matters_place_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
