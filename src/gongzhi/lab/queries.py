"""The reads: trials, newest first, and one of them."""

from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.kernel.refusals import NotFound
from gongzhi.lab.models import Trial

_LISTED_MAX = 100


def listed(*, visible_to: Actor) -> list[Trial]:
    """Without their results; one query."""
    rows = visible(Trial.objects.all(), visible_to).defer("result")
    return list(rows.order_by("-at", "-id")[:_LISTED_MAX])


def trial(*, visible_to: Actor, trial_id: UUID) -> Trial:
    """Raises NotFound."""
    found = visible(Trial.objects.filter(id=trial_id), visible_to).first()
    if found is None:
        raise NotFound("access.not_found", "没有找到，或者您无权查看。")
    return found
