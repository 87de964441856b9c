"""Facts of shared work: what assisting units report, what is handed on inside a unit, what must be signed off."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.road import DECISIONS, Assignment
from gongzhi.parties.models import Account, Organisation


class StageReport(Fact):
    """What an assisting unit says of its part (北京市接诉即办工作条例 第十四条). done: its part is finished."""

    kind = "stage_report"

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+", db_index=False)
    done = models.BooleanField(default=False)
    text = models.TextField()
    evidence = models.JSONField(default=list, blank=True)


class Task(Fact):
    """Handed on inside the lead's own house: to a section, station, community, grid or property company, or a person.

    organisation: the unit that hands on and stays responsible.
    """

    kind = "task"

    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.TextField()

    class Meta(Fact.Meta):
        indexes = [
            models.Index(
                fields=["unit", "matter"], condition=Q(ended_at__isnull=True), name="matters_tasks_of_unit"
            ),
            models.Index(
                fields=["account", "matter"],
                condition=Q(ended_at__isnull=True),
                name="matters_tasks_of_person",
            ),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                & (Q(unit__isnull=False, account__isnull=True) | Q(unit__isnull=True, account__isnull=False)),
                name="matters_task_whole",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(unit=F("organisation")), name="matters_task_handed_on"
            ),
        ]


class TaskReport(Fact):
    """What came of a task. The task ends with it."""

    kind = "task_report"

    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    evidence = models.JSONField(default=list, blank=True)


class Draft(Fact):
    """An answer that has not left the house: it waits for sign-off (审核、签发). held_back: files the reporter sees once it
    is signed off."""

    kind = "draft"

    result = models.CharField(max_length=16)
    reply = models.TextField()
    evidence = models.JSONField(default=list, blank=True)
    held_back = models.JSONField(default=list, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_draft"
            ),
        ]


class SignOff(Fact):
    """Someone other than the drafter read it. drafter: reference."""

    kind = "sign_off"

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="+", db_index=False)
    decision = models.CharField(max_length=8)
    note = models.TextField(blank=True, default="")
    drafter = models.CharField(max_length=80)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(by=F("drafter")), name="matters_signed_off_by_another"),
            models.CheckConstraint(condition=Q(decision__in=DECISIONS), name="matters_sign_off_decided"),
        ]
