"""Tables of the room: who gives orders, which of our matters they became, and every message that went or came."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.exchange.models import AccessToken
from gongzhi.files.models import File
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Organisation

TRANSPORTS = ("folder", "http", "sister")
OUT_STATES = ("queued", "sent", "failed")
IN_STATES = ("taken", "waiting", "stale", "refused")


class Superior(models.Model):
    """A platform that gives orders. mapping: the YAML as loaded, digest: its SHA-256 · area_path: whose desk takes them.

    The secret is sealed (AAD: table, column, row) under key `secret_key_id`; empty where the transport needs none.
    cursor: how far its feed is read · trouble: why the last reading failed, "" = it did not · heard_at: last good one ·
    skew_seconds: how far its clock was ahead of ours then (negative: behind), null = it does not say.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=40)
    titles = models.JSONField(help_text="{zh, en}")
    transport = models.CharField(max_length=8)
    url = models.CharField(max_length=2000, blank=True, default="")
    secret_sealed = models.BinaryField(default=b"", blank=True)
    secret_key_id = models.CharField(max_length=32, blank=True, default="")
    mapping = models.TextField()
    digest = models.CharField(max_length=64)
    area_path = AreaPathField()
    cursor = models.CharField(max_length=200, blank=True, default="")
    trouble = models.CharField(max_length=200, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    skew_seconds = models.IntegerField(null=True, blank=True)
    due_at = models.DateTimeField(help_text="when it is read next")
    heard_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(ended_at__isnull=True), name="superiors_code_once"
            ),
            models.CheckConstraint(condition=Q(transport__in=TRANSPORTS), name="superiors_transport_known"),
            models.CheckConstraint(
                condition=Q(transport="folder") | ~Q(url=""), name="superiors_called_has_address"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="superiors_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Order(models.Model):
    """What a superior gave, by its number, and the matter it became. state: the superior's own word, as it says it.

    marks: field → digest of what it said last, so that an order sent again shows what changed and keeps no second
    copy of anybody's words. heard_at: the superior's own time of the newest message, older ones come too late.
    version: the superior's own, as last read (sister).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    superior = models.ForeignKey(Superior, models.PROTECT, related_name="orders", db_index=False)
    number = models.CharField(max_length=80)
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="+")
    state = models.CharField(max_length=80, blank=True, default="")
    due_at = models.DateTimeField()
    marks = models.JSONField(default=dict, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=40, blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["superior", "number"], name="superiors_order_once"),
            models.CheckConstraint(condition=~Q(number=""), name="superiors_order_numbered"),
        ]

    def __str__(self) -> str:
        return self.number


class Message(models.Model):
    """One thing said, in either direction. key: by which a repetition is recognised.

    Outgoing: body is what is sent, in the superior's columns; once for each act, tried until `sent` or `failed`;
    receipt: what the superior answered, or the file and its SHA-256 · files: ids of ours that go with it. Incoming: taken, waiting (its order is not here
    yet; body keeps it until then), stale (newer words were here), refused (the procedure does not allow it now).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    superior = models.ForeignKey(Superior, models.PROTECT, related_name="messages", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="messages")
    outgoing = models.BooleanField()
    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=120)
    number = models.CharField(max_length=80)
    state = models.CharField(max_length=8)
    body = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=list, blank=True)
    act_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=200, blank=True, default="")
    receipt = models.CharField(max_length=200, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="superiors_message_due"),
            models.Index(fields=["superior", "-id"], name="superiors_message_newest"),
            models.Index(
                fields=["superior", "number"], condition=Q(state="waiting"), name="superiors_message_waits"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["superior", "outgoing", "key"], name="superiors_message_once"),
            models.CheckConstraint(
                condition=Q(outgoing=True, state__in=OUT_STATES, order__isnull=False)
                | Q(outgoing=False, state__in=IN_STATES),
                name="superiors_message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", due_at__isnull=False)
                | (~Q(state="queued") & Q(due_at__isnull=True)),
                name="superiors_queued_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (~Q(receipt="") & Q(done_at__isnull=False)),
                name="superiors_sent_has_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Enclosure(models.Model):
    """A file that went with an order: ours and the id it has with the superior. Carried once, whatever dies on the way."""

    id = models.UUIDField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="enclosures", db_index=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    outgoing = models.BooleanField()
    theirs = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "outgoing", "file"], name="superiors_enclosure_ours_once"
            ),
            models.UniqueConstraint(
                fields=["order", "outgoing", "theirs"], name="superiors_enclosure_theirs_once"
            ),
            models.CheckConstraint(condition=~Q(theirs=""), name="superiors_enclosure_named"),
        ]

    def __str__(self) -> str:
        return self.theirs


class Subordinate(models.Model):
    """One of our organisations that works in an installation of its own and takes what is dispatched to it from here.

    token: by which that installation shows who it is; it carries the rights of a handler of the organisation.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    token = models.OneToOneField(AccessToken, models.PROTECT, related_name="+")
    area_path = AreaPathField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ended_at__isnull=True),
                name="superiors_subordinate_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="superiors_subordinate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation_id)


class Standing(models.Model):
    """Where one of our matters stands in the subordinate's installation: its number and state there, as it said last.

    version: of the matter there, tells newer words from older · said_at: by the clock over there · heard_at: by ours.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    subordinate = models.ForeignKey(Subordinate, models.PROTECT, related_name="standings")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40)
    state_zh = models.CharField(max_length=80)
    state_en = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "subordinate"], name="superiors_standing_once"),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(state_zh="") & ~Q(state_en=""), name="superiors_standing_said"
            ),
        ]

    def __str__(self) -> str:
        return self.number
