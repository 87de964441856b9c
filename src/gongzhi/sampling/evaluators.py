"""Who may look at what: those who hold the duty, and never somebody who had a hand in the case."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from gongzhi.grants import queries as grants
from gongzhi.matters.models import CallBack, Matter
from gongzhi.parties import queries as parties
from gongzhi.sampling.policies import EVALUATORS, REVISITORS


def able(kind: str, at: datetime) -> dict[UUID, str]:
    """Accounts that may be named for a frame of this kind, with their names."""
    roles = REVISITORS if kind == "revisit" else EVALUATORS
    found = grants.valid(at).filter(role__in=roles).values_list("account_id", flat=True)
    return dict(sorted(parties.account_names(set(found)).items(), key=lambda one: one[1]))


def barred(
    *, kind: str, matters: Sequence[UUID], evaluators: Collection[UUID], at: datetime
) -> dict[UUID, set[UUID]]:
    """By case: who called back about it, who it complains of, and on a revisit who works in the grid it lies in."""
    named = {f"account:{one}": one for one in evaluators}
    found: dict[UUID, set[UUID]] = {}
    calls = CallBack.objects.filter(matter_id__in=matters, by__in=named).values_list("matter_id", "by")
    for matter_id, by in calls:
        found.setdefault(matter_id, set()).add(named[by])
    rows = Matter.objects.filter(id__in=matters).values_list(
        "id", "area_path", "accused_account_id", "handler_id"
    )
    homes: dict[UUID, list[str]] = {}
    if kind == "revisit":
        held = grants.valid(at).filter(account_id__in=evaluators, role__in=REVISITORS)
        for account_id, path in held.values_list("account_id", "area_path"):
            homes.setdefault(account_id, []).append(path)
    for matter_id, path, *people in rows:
        own = {who for who, paths in homes.items() if any(path.startswith(home) for home in paths)}
        mine = own | {who for who in people if who in named.values()}
        if mine:
            found.setdefault(matter_id, set()).update(mine)
    return found
