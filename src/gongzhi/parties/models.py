"""Tables of the room. Clear text of names and contact values is never stored; `*_key_id` names the key of a value."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.parties.accounts import Accounts
from gongzhi.parties.kinds import CONTACT_KINDS, ORGANISATION_KINDS


class Person(models.Model):
    """Someone. The full name is sealed (AAD: table, column, row); `name_masked` is what lists show."""

    id = models.UUIDField(primary_key=True, editable=False)
    name_sealed = models.BinaryField(blank=True, default=b"")
    name_key_id = models.CharField(max_length=32, blank=True, default="")
    name_masked = models.CharField(max_length=80, blank=True, default="")
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["name_key_id", "id"], name="parties_person_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(name_sealed=b"", name_key_id="") | (~Q(name_sealed=b"") & ~Q(name_key_id="")),
                name="parties_person_sealed_names_its_key",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("registered_at")),
                name="parties_person_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name_masked or "—"


class Organisation(models.Model):
    """A body that can owe something. `path` is the chain of codes from the top, with a trailing slash."""

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=24)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    path = models.TextField(db_collation="C")
    area_path = AreaPathField()
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="parties_organisation_path"),
            models.Index(fields=["area_path"], name="parties_organisation_area"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="parties_organisation_code_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(ORGANISATION_KINDS)), name="parties_organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(code__contains="/"), name="parties_organisation_code_plain"
            ),
            models.CheckConstraint(condition=Q(path__endswith="/"), name="parties_organisation_path_ends"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="parties_organisation_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("registered_at")),
                name="parties_organisation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's place in an organisation. `public`: law obliges us to show name and post (grid workers, heads)."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    public = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "title"],
                condition=Q(ended_at__isnull=True),
                name="parties_post_held_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="parties_post_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContactPoint(models.Model):
    """One way to reach a person or an organisation, sealed; found by its blind index under `index_key_id`.

    `leads`: intake answers a call from this number with this party; at most one per value, so that simultaneous
    reports from one phone meet one person. Others of the household hold the same number without leading.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="contacts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    kind = models.CharField(max_length=16)
    value_sealed = models.BinaryField()
    value_key_id = models.CharField(max_length=32)
    value_index = models.BinaryField(max_length=32)
    index_key_id = models.CharField(max_length=32)
    value_masked = models.CharField(max_length=120)
    leads = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["value_index", "kind"], name="parties_contact_by_value"),
            models.Index(fields=["value_key_id", "index_key_id", "id"], name="parties_contact_by_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value_index"],
                condition=Q(leads=True, ended_at__isnull=True),
                name="parties_contact_one_leading",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(CONTACT_KINDS)), name="parties_contact_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False)
                | Q(person__isnull=False, organisation__isnull=True),
                name="parties_contact_of_one_party",
            ),
            models.CheckConstraint(
                condition=~Q(value_sealed=b"") & ~Q(value_key_id="") & ~Q(index_key_id=""),
                name="parties_contact_sealed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("added_at")),
                name="parties_contact_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.value_masked


class Account(AbstractBaseUser):
    """A way to sign in. What it may do stands in `grants`; who it is, in `person` (none for machines)."""

    id = models.UUIDField(primary_key=True, editable=False)
    username = models.CharField(max_length=64)
    display_name = models.CharField(max_length=80, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="accounts")
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    password_set_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []
    objects = Accounts()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="parties_account_username_once"),
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._@+-]{2,63}$"),
                name="parties_account_username_plain",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.disabled_at is None


class LoginAttempt(models.Model):
    """That someone tried to sign in. Names and networks are keyed hashes, so known and unknown names look alike."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="attempts")
    name_index = models.CharField(max_length=32)
    at = models.DateTimeField()
    succeeded = models.BooleanField()
    network = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["name_index", "at"], name="parties_attempt_by_name"),
            models.Index(fields=["network", "at"], name="parties_attempt_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {'+' if self.succeeded else '-'}"


class Unmasking(models.Model):
    """That someone read clear text: who, which values of which party, for which purpose. The act tells it outside."""

    id = models.UUIDField(primary_key=True, editable=False)
    by = models.CharField(max_length=80)
    party_kind = models.CharField(max_length=12)
    party_id = models.UUIDField()
    purpose = models.CharField(max_length=32)
    reason = models.CharField(max_length=200, blank=True, default="")
    values = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["by", "at"], name="parties_unmasking_by"),
            models.Index(fields=["party_id", "at"], name="parties_unmasking_party"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(party_kind__in=["person", "organisation"]), name="parties_unmasking_party_kind"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="parties_unmasking_has_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.purpose}"
