"""What records may call a matter: its number for who may open or audit it, only the end of the number for others."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import kept, visible
from gongzhi.matters.models import Matter

_LETTERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Named:
    """number: whole for sight "view" and "audit", else masked."""

    number: str
    sight: Literal["view", "audit", ""]


def named(*, visible_to: Actor, ids: Collection[UUID]) -> dict[UUID, Named]:
    """By id, five statements however many; ids of no matter are left out, and matters that complain of the reader."""
    rows = Matter.objects.filter(id__in=set(ids))
    viewed = set(visible(rows, visible_to).values_list("id", flat=True))
    audited = set(visible(rows, visible_to, "audit").values_list("id", flat=True))
    kept_ids = {
        id_ for verb in ("view", "audit") for id_ in kept(rows, visible_to, verb).values_list("id", flat=True)
    }
    found = {}
    for id_, number in rows.values_list("id", "number"):
        if id_ in viewed:
            found[id_] = Named(number, "view")
        elif id_ in audited:
            found[id_] = Named(number, "audit")
        elif id_ not in kept_ids:
            found[id_] = Named("•" * (len(number) - _LETTERS_SHOWN) + number[-_LETTERS_SHOWN:], "")
    return found
