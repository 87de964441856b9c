"""Tables of the room. Facts are ended, never deleted."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Organisation

LISTS = ("task", "duty", "policy")


class Project(models.Model):
    """One common problem. categories: codes, what lies below them included. month: of a yearly plan, 1–12, or none.
    began_on: the day the work began; what was reported before and after it is compared."""

    id = models.UUIDField(primary_key=True, editable=False)
    title = models.CharField(max_length=120)
    problem = models.TextField()
    plan = models.TextField(blank=True, default="")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    categories = models.JSONField(default=list)
    area_path = AreaPathField()
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    began_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-year", "month"], name="projects_of_a_year")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(problem=""), name="projects_named"),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12), name="projects_month"
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="projects_year"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (Q(ended_at__gte=F("at")) & ~Q(conclusion="")),
                name="projects_ended_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """A line of one of the three lists. task: what is done, by whom, until when · duty: who answers for what · policy: what
    is written or changed. done_at: when it was."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    list = models.CharField(max_length=8)
    text = models.CharField(max_length=400)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(list__in=LISTS), name="projects_list_known"),
            models.CheckConstraint(condition=~Q(text=""), name="projects_entry_says"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("at")), name="projects_entry_period"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Milestone(models.Model):
    """A day on which something must be so."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="projects_milestone_named")]

    def __str__(self) -> str:
        return self.title


class Link(models.Model):
    """A case that shows the problem."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "matter"], condition=Q(ended_at__isnull=True), name="projects_linked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.matter_id}"
