"""Those who answer for others: five figures, each a list; the late first, and who has waited longest past a promise."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.access.actor import Actor
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Filters, QueueCount
from gongzhi.places import snapshot as places
from gongzhi.portals.centre import choices, showing
from gongzhi.portals.centre.parts import Figure, Part

# Codes of queues: late first, then what is about to be, then what stands still.
FIGURES: dict[str, tuple[str, ...]] = {
    "street_leader": ("late", "due_soon", "to_sign", "in_handling", "returns"),
    "supervisor": ("late", "due_soon", "returns", "extensions", "to_sign"),
    "unit_head": ("late", "due_soon", "to_sign", "in_handling", "assisting"),
}
_STREET = ("street", "township")


def figures(actor: Actor, at: datetime) -> Part:
    """Five for each such role held, each queue once: two statements whatever there is."""
    wanted = dict.fromkeys(code for held in actor.held for code in FIGURES.get(held.role, ()))
    counted = {one.code: one for one in matters.counts(visible_to=actor, at=at)}
    return Part(
        _("现在"),
        words="" if counted["late"].count else _("没有超期的。"),
        figures=[_figure(counted[code]) for code in wanted if code in counted],
        links=[*_longest(actor, at), (_("看统计"), reverse("centre:statistics"))],
    )


def _figure(queue: QueueCount) -> Figure:
    return Figure(
        f"{queue.count}+" if queue.capped else str(queue.count),
        queue.titles.in_language(choices.language()),
        f"{reverse('centre:inbox')}?queue={queue.code}",
        queue.code == "late" and queue.count > 0,
    )


def _longest(actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """By the name of the street: nobody is called by their own name on a leader's phone."""
    found = matters.page(visible_to=actor, filters=Filters(queue="late"), at=at, order="due", limit=1)
    return [
        (
            _("等得最久：%(place)s，%(late)s")
            % {"place": _street(row.area_path), "late": showing.row_chip(row, at).left},
            f"{reverse('centre:inbox')}?queue=late&case={row.number}",
        )
        for row in found.rows
    ]


def _street(path: str) -> str:
    line = places.at_hand().line(path) if path else []
    street = next((area.name for area in line if area.level in _STREET), "")
    return street or (line[-1].name if line else _("地点未知"))
