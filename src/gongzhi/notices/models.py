"""Tables of the room."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.parties.models import Organisation, Person

CHANNELS = ("shown", "sms", "mail")
STATES = ("queued", "held", "folded", "sent", "failed", "seen")


class Notice(models.Model):
    """One thing told to one recipient by one way. Exactly one of person, organisation, role (held over `area_path`).
    kept_from_unit, kept_from_account: whom it is about and who therefore does not read it, whatever they hold.

    title and body are the words as they were sent; `recipient` names the recipient for the once-only constraint.
    shown: waits in the recipient's list (sent when written, seen when opened). sms, mail: carried by a gateway.
    held: waits for the day's summary, then folded into it (`digest`). goes_on: the day on whose number it counts.
    urgent: goes out in quiet hours, too.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    recipient = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="notices")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    role = models.CharField(max_length=24, blank=True, default="")
    area_path = AreaPathField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    act_id = models.UUIDField(help_text="the act that is told")
    template = models.CharField(max_length=40)
    template_version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    kept_from_unit = models.UUIDField(null=True, blank=True)
    kept_from_account = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="next attempt; null when none is due")
    urgent = models.BooleanField(default=False)
    goes_on = models.DateField(null=True, blank=True)
    digest = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="folded", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="notices_due"),
            models.Index(fields=["due_at"], condition=Q(state="held"), name="notices_held"),
            models.Index(
                fields=["person", "goes_on"], condition=Q(goes_on__isnull=False), name="notices_of_a_day"
            ),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="notices_of_digest"),
            models.Index(fields=["person", "-created_at"], name="notices_of_person"),
            models.Index(fields=["organisation", "-created_at"], name="notices_of_organisation"),
            models.Index(fields=["role", "area_path"], condition=~Q(role=""), name="notices_of_role"),
            models.Index(fields=["subject_kind", "subject_id", "created_at"], name="notices_of_subject"),
            models.Index(fields=["-created_at"], condition=Q(state="failed"), name="notices_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["act_id", "recipient", "template", "channel"], name="notices_told_once"
            ),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="notices_channel_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="notices_state_known"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True, role="")
                | Q(person__isnull=True, organisation__isnull=False, role="")
                | (Q(person__isnull=True, organisation__isnull=True) & ~Q(role="")),
                name="notices_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(channel="shown") | Q(person__isnull=False), name="notices_carried_to_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "held"), due_at__isnull=False)
                | (~Q(state__in=("queued", "held")) & Q(due_at__isnull=True)),
                name="notices_waiting_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="folded", digest__isnull=False)
                | (~Q(state="folded") & Q(digest__isnull=True)),
                name="notices_folded_into_a_digest",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | Q(seen_at__gte=F("created_at")), name="notices_seen_later"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeRule(models.Model):
    """How often and when the town's people are told, since when, on which basis. The newest one counts."""

    id = models.UUIDField(primary_key=True, editable=False)
    daily_max = models.PositiveSmallIntegerField(help_text="text messages to one person about one matter")
    quiet_from_minute = models.PositiveSmallIntegerField()
    quiet_until_minute = models.PositiveSmallIntegerField()
    digest_minute = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["valid_until"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="notices_one_rule_now",
            ),
            models.CheckConstraint(
                condition=Q(
                    daily_max__gte=1,
                    quiet_from_minute__lt=1440,
                    quiet_until_minute__lt=1440,
                    digest_minute__lt=1440,
                ),
                name="notices_rule_sane",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="notices_rule_has_basis"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="notices_rule_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.daily_max} {self.valid_from:%Y-%m-%d}"
