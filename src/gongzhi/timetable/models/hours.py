"""Holiday years in editions and working hours in periods. Nothing is overwritten."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gongzhi.parties.models import Organisation


class HolidayYear(models.Model):
    """One edition of a year: the newest edition is in force."""

    id = models.UUIDField(primary_key=True, editable=False)
    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()
    days_off = ArrayField(models.DateField())
    make_up_days = ArrayField(models.DateField())
    source = models.CharField(max_length=300)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "edition"], name="timetable_year_edition_once"),
            models.CheckConstraint(condition=Q(year__gte=1949, year__lte=2200), name="timetable_year_sane"),
            models.CheckConstraint(condition=~Q(source=""), name="timetable_year_sourced"),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.edition}"


class UnitHours(models.Model):
    """Working hours of an organisation, or (organisation null) of everybody without their own."""

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="hours")
    on_work_days = models.JSONField()
    on_rest_days = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(valid_until=None),
                nulls_distinct=False,
                name="timetable_hours_one_now",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="timetable_hours_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id or '*'} {self.valid_from:%Y-%m-%d}"
