"""Facts of quarrels beside returning and more time: to rest, not to be counted, to be judged again."""

from django.db import models
from django.db.models import Q

from gongzhi.matters.models.facts import Fact
from gongzhi.matters.models.road import Request

APPEALED = ("call_back", "appraisal", "deadline")


class SuspensionRequest(Request):
    """挂账: objective circumstances forbid a solution for now (北京市接诉即办工作条例 第十五条). review_on: looked at again."""

    kind = "suspension_request"

    ground = models.CharField(max_length=40)
    review_on = models.DateField()


class SuspensionReview(Fact):
    """A look at a resting matter. goes_on: it rests on, until review_on."""

    kind = "suspension_review"

    request = models.ForeignKey(SuspensionRequest, models.PROTECT, related_name="+", db_index=False)
    goes_on = models.BooleanField()
    review_on = models.DateField(null=True, blank=True)
    note = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(goes_on=False) | Q(review_on__isnull=False), name="matters_review_dated"
            ),
        ]


class ExclusionRequest(Request):
    """剔除: granted, the matter leaves the denominators of its unit's rates. The duty to answer stays."""

    kind = "exclusion_request"

    ground = models.CharField(max_length=40)
    evidence = models.JSONField(default=list, blank=True)

    class Meta(Request.Meta):
        indexes = [
            models.Index(
                fields=["decided_at", "organisation"],
                condition=Q(decision="granted"),
                name="matters_excluded_at",
            )
        ]


class AppealRequest(Request):
    """考核申诉: a unit contests how it was judged. about: the call-back, the appraisal, or a deadline missed."""

    kind = "appeal_request"

    about = models.CharField(max_length=12)
    evidence = models.JSONField(default=list, blank=True)

    class Meta(Request.Meta):
        constraints = [
            *Request.Meta.constraints,
            models.CheckConstraint(condition=Q(about__in=APPEALED), name="matters_appeal_known"),
        ]
