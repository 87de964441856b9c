"""Facts of a matter's relations to others: split from, taken back, the same again, passed to an emergency service."""

from django.db import models
from django.db.models import F, Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.matter import Matter

LINKS = ("repeat", "related")


class Split(Fact):
    """拆单: a part of this matter goes on as `into`, with its own lead and clocks; this one goes on, too."""

    kind = "split"

    into = models.OneToOneField(Matter, models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(into=F("matter")), name="matters_split_elsewhere"),
        ]


class Withdrawal(Fact):
    """撤回: the reporter took it back, in their own words or in those of whoever wrote them down."""

    kind = "withdrawal"

    reason = models.TextField()


class Link(Fact):
    """Another matter that belongs beside this one. repeat: the same person, the same thing, reported before."""

    kind = "link"

    other = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=8)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(other=F("matter")), name="matters_linked_elsewhere"),
            models.CheckConstraint(condition=Q(relation__in=LINKS), name="matters_link_known"),
            models.UniqueConstraint(
                fields=["matter", "other"], condition=Q(ended_at__isnull=True), name="matters_linked_once"
            ),
        ]


class Transfer(Fact):
    """Passed to an emergency service with the caller on the line. service: 110, 119, 120, 122. number: theirs."""

    kind = "transfer"

    service = models.CharField(max_length=8)
    number = models.CharField(max_length=40, blank=True, default="")
    taken_by = models.CharField(max_length=80, blank=True, default="")
    note = models.TextField(blank=True, default="")
