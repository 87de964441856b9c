"""Tables of the room. Periods are half-open: a grant counts at `at` when valid_from <= at < valid_until."""

from django.db import models
from django.db.models import F, Q

from gongzhi.access.fields import AreaPathField
from gongzhi.grants.roles import ROLES
from gongzhi.parties.models import Account, Organisation


class Grant(models.Model):
    """A role held by an account. Area "" and no organisation: the whole installation. lent_from: the grant of a
    colleague on leave, whose deputy this account is until then.

    Triggers (migration 0001) refuse a second kind of administrator in one account at overlapping times and any grant
    to a disabled account; `actions` say the same with words first.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=24)
    area_path = AreaPathField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    lent_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="lent")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["role", "area_path"], name="grants_grant_role")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="grants_role_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="grants_period",
            ),
            models.CheckConstraint(
                condition=Q(area_path="") | Q(area_path__endswith="/", organisation__isnull=True),
                name="grants_area_or_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.area_path}"
