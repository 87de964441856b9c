"""Tables of the room."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.parties.models import Account

STATES = ("queued", "sent", "failed")


class Subscription(models.Model):
    """A wish to be told of acts. The secret is sealed (AAD: table, column, row) under key `secret_key_id`.

    verbs: exact ("matters.open") or prefixes ending with a dot; empty: every act the owner may know of.
    from_position: acts before it are history and not sent. failures: in a row, over all deliveries.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(Account, models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=2000)
    secret_sealed = models.BinaryField()
    secret_key_id = models.CharField(max_length=32)
    verbs = models.JSONField(default=list)
    area_path = AreaPathField()
    from_position = models.BigIntegerField()
    failures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["secret_key_id", "id"], name="exchange_subscription_key")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(secret_sealed=b"") & ~Q(secret_key_id=""), name="exchange_secret_sealed"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="exchange_subscription_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One act to one subscription. `id` goes with every attempt: receivers recognise repetitions by it."""

    id = models.UUIDField(primary_key=True, editable=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    act_id = models.UUIDField()
    position = models.BigIntegerField()
    verb = models.TextField()
    body = models.TextField(help_text="JSON as sent: metadata only")
    state = models.CharField(max_length=8, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="HTTP status of the last answer"
    )
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="exchange_delivery_due"),
            models.Index(fields=["subscription", "-position"], name="exchange_delivery_of"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "act_id"], name="exchange_delivery_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="exchange_delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state="queued", due_at__isnull=False)
                | (~Q(state="queued") & Q(due_at__isnull=True)),
                name="exchange_queued_is_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.position}"


class AccessToken(models.Model):
    """A key for a program that acts with an account's rights. Only its SHA-256 is kept (the secret has 256 random bits)."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=8, help_text="last letters, to tell tokens apart")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="exchange_token_expires"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="exchange_token_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"
