"""Tables of the room. What is published stays as it was: triggers refuse UPDATE and DELETE on versions and editions."""

from django.db import models
from django.db.models import F, Q

KINDS = ("case",)
LEVEL_MAX = 3


class ProcedureVersion(models.Model):
    """A published procedure. body: normalised JSON (reading.body_of); digest: SHA-256 over it. Never changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.TextField(help_text="pseudonymous reference of the actor")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="catalogue_procedure_version_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="catalogue_procedure_text_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="catalogue_procedure_from_1"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="catalogue_procedure_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class CategoryEdition(models.Model):
    """One loading of the whole tree: what the file said. The newest number is in force. Never changed."""

    number = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="catalogue_edition_from_1"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="catalogue_edition_digest"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Category(models.Model):
    """A kind of trouble, in a tree of three levels. titles: {"zh-hans", "en"}. A retired one keeps its matters.

    Limits are the category's own (null: the procedure's); a mandate's limits come before both.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=24, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, default="case")
    titles = models.JSONField()
    keywords = models.JSONField(default=list, blank=True)
    examples = models.JSONField(default=list, blank=True)
    evidence_required = models.BooleanField(default=False)
    verification_required = models.BooleanField(default=False)
    sign_off_required = models.BooleanField(default=False)
    public_space = models.BooleanField(
        default=False, help_text="about a public place: the place may be shown to all"
    )
    response_value = models.PositiveSmallIntegerField(null=True, blank=True)
    response_unit = models.CharField(max_length=12, blank=True, default="")
    handling_value = models.PositiveSmallIntegerField(null=True, blank=True)
    handling_unit = models.CharField(max_length=12, blank=True, default="")
    basis = models.JSONField(null=True, blank=True, help_text="of the limits: kind, text, since_on")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["level", "code"], name="catalogue_category_level")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True)
                | Q(level__range=(2, LEVEL_MAX), parent__isnull=False),
                name="catalogue_category_level_fits",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="catalogue_category_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9][a-z0-9_-]*$"), name="catalogue_category_code_plain"
            ),
            models.CheckConstraint(condition=Q(titles__has_key="zh-hans"), name="catalogue_category_titled"),
            models.CheckConstraint(
                condition=Q(response_value__isnull=True, response_unit="")
                | (Q(response_value__gt=0) & ~Q(response_unit="")),
                name="catalogue_category_response_whole",
            ),
            models.CheckConstraint(
                condition=Q(handling_value__isnull=True, handling_unit="")
                | (Q(handling_value__gt=0) & ~Q(handling_unit="")),
                name="catalogue_category_handling_whole",
            ),
            models.CheckConstraint(
                condition=Q(response_value__isnull=True, handling_value__isnull=True)
                | Q(basis__isnull=False),
                name="catalogue_category_limit_has_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Revision(models.Model):
    """One row: the number that moves when any category changes (trigger). Cheap to ask before every batch."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="catalogue_revision_single")]

    def __str__(self) -> str:
        return str(self.number)
