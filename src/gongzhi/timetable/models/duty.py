"""Who of a unit is on duty when, who is away, who deputises. Rows are ended, never deleted; periods are half-open."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gongzhi.parties.models import Account, Organisation

LEAVE_KINDS = ("annual", "sick", "travel", "training", "other")
DAY_MINUTES = 1440


class RosterPlace(models.Model):
    """Hours of one person on duty for a unit: every week on `weekday` (0 = Monday), or once `on_date`.

    A date with rows of its own follows those and none of the weekly ones. Minutes are of the Chinese wall clock from
    the midnight that begins the day; `ends_minute` above 1440 runs into the next day. account null: nobody, that date.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="roster_places", db_index=False
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="roster_places", db_index=False
    )
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    on_date = models.DateField(null=True, blank=True)
    begins_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "account"],
                condition=Q(ended_at__isnull=True),
                name="timetable_roster_now",
            ),
            models.Index(
                fields=["account"], condition=Q(ended_at__isnull=True), name="timetable_roster_of_account"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weekday__isnull=False, weekday__lte=6, on_date__isnull=True, account__isnull=False
                )
                | Q(weekday__isnull=True, on_date__isnull=False),
                name="timetable_roster_weekly_or_dated",
            ),
            models.CheckConstraint(
                condition=Q(
                    begins_minute__lt=DAY_MINUTES,
                    ends_minute__gt=F("begins_minute"),
                    ends_minute__lte=F("begins_minute") + DAY_MINUTES,
                ),
                name="timetable_roster_hours",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="timetable_roster_period",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("set_at")),
                name="timetable_roster_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.on_date or self.weekday}"


class Deputyship(models.Model):
    """Within a unit, who stands in for whom whenever that one cannot be reached. One deputy at a time."""

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    deputy = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"],
                condition=Q(valid_until__isnull=True),
                name="timetable_one_deputy_now",
            ),
            models.CheckConstraint(condition=~Q(deputy=F("account")), name="timetable_deputy_is_another"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="timetable_deputy_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.account_id}"


class Leave(models.Model):
    """A person of a unit is away, and who deputises meanwhile. ended_at: came back earlier, or it was cancelled."""

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="leaves")
    account = models.ForeignKey(Account, models.PROTECT, related_name="leaves")
    deputy = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lent = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="grants the deputy holds for it"
    )
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at__isnull=True), name="timetable_leave_until")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LEAVE_KINDS), name="timetable_leave_kind"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="timetable_leave_period"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("account")),
                name="timetable_leave_deputy_is_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("recorded_at")),
                name="timetable_leave_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.begins_at:%Y-%m-%d}"
