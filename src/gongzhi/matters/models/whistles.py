"""Facts of 吹哨报到: a street calls departments together; each signs, contacts, arrives, finishes; both score."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.parties.models import Organisation

WHISTLES = ("stubborn", "enforcement", "emergency")  # 重点难点 · 综合执法 · 应急处置
STEPS = ("signed", "contacted", "arrived", "finished", "refused")


class Whistle(Fact):
    """organisation: whose whistle. rank: the role of who blew it."""

    kind = "whistle"

    form = models.CharField(max_length=12)
    rank = models.CharField(max_length=24)
    text = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(form__in=WHISTLES, organisation__isnull=False), name="matters_whistle_whole"
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_one_whistle"
            ),
        ]


class WhistleCall(Fact):
    """One unit that was called. Ends when it has finished, refused, or the whistle is called off."""

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
    """What a called unit did. arrived: on site, with the position its device gave."""

    kind = "whistle_step"

    call = models.ForeignKey(WhistleCall, models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=12)
    text = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    metres_away = models.PositiveIntegerField(null=True, blank=True)
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
