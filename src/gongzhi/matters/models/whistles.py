"""Facts of 吹哨报到: a street calls departments together; each signs, contacts, arrives, finishes; both score."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.parties.models import Organisation

WHISTLES = ("stubborn", "enforcement", "emergency")  # 重点难点 · 综合执法 · 应急处置
OUTCOMES = ("done", "called_off")
STEPS = ("signed", "contacted", "arrived", "finished", "refused")


class Whistle(Fact):
    """organisation: the street whose whistle it is. rank: the role of who blew it. outcome: how it ended, "" while it
    has not, or ended with the matter."""

    kind = "whistle"

    form = models.CharField(max_length=12)
    rank = models.CharField(max_length=24)
    text = models.TextField()
    outcome = models.CharField(max_length=12, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(form__in=WHISTLES, organisation__isnull=False), name="matters_whistle_whole"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", *OUTCOMES)), name="matters_whistle_outcome_known"
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_whistle"
            ),
        ]


class WhistleCall(Fact):
    """One unit that was called. While it has not ended the unit sees the matter: until it has refused, the whistle is
    called off, or it has finished and scored the street."""

    kind = "whistle_call"

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="+", db_index=False)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(
                fields=["organisation", "matter"],
                condition=Q(ended_at__isnull=True),
                name="matters_whistled_units",
            )
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(organisation__isnull=False), name="matters_call_of_a_unit"),
            models.UniqueConstraint(fields=["whistle", "organisation"], name="matters_called_once"),
        ]


class WhistleStep(Fact):
    """What a called unit did. arrived: on site, with the position its device gave; far: further from the matter's place
    than the procedure then allowed for."""

    kind = "whistle_step"

    call = models.ForeignKey(WhistleCall, models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=12)
    text = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    metres_away = models.PositiveIntegerField(null=True, blank=True)
    far = models.BooleanField(default=False)
    evidence = models.JSONField(default=list, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(step__in=STEPS), name="matters_whistle_step_known"),
            models.UniqueConstraint(fields=["call", "step"], name="matters_whistle_step_once"),
        ]


class WhistleScore(Fact):
    """One side's opinion of the other, 5 to 1, when a call is over (双考核)."""

    kind = "whistle_score"

    call = models.ForeignKey(WhistleCall, models.PROTECT, related_name="+", db_index=False)
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="matters_whistle_score_level"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) & ~Q(about=F("organisation")),
                name="matters_whistle_score_of_another",
            ),
            models.UniqueConstraint(fields=["call", "organisation"], name="matters_whistle_scored_once"),
        ]
