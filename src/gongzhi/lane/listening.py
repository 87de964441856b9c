"""The address of a stream: who asks to be told what, since when, and which matters are on the screen."""

from typing import cast
from urllib.parse import parse_qs
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.lane.asgi import Scope, header
from gongzhi.lane.hearers import EVERYTHING, PLAIN, Hearer, Wants
from gongzhi.matters.queries import Filters

NUMBERS_MAX = 200
_LETTERS_MAX = 100
_DIGITS_MAX = 18


def asked(actor: Actor, scope: Scope) -> tuple[Hearer, int | None, list[str]]:
    """The hearer, the position it has seen, the numbers it shows. Words we do not know are ignored; a header
    Last-Event-ID (a browser that reconnects by itself) comes before `since`."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    given = {name: values[-1][:_LETTERS_MAX] for name, values in query.items() if name != "see"}
    wants = given.get("wants", "")
    hearer = Hearer(
        actor,
        language="en" if given.get("lang") == "en" else "zh-hans",
        wants=cast("Wants", wants) if wants in ("list", "case") else "all",
        queue=given.get("queue", EVERYTHING),
        filters=_filters(given),
        case=given.get("case", ""),
    )
    seen = query.get("see", [""])[-1].split(",")[:NUMBERS_MAX]
    numbers = [number[:_LETTERS_MAX] for number in (*seen, hearer.case) if number]
    return hearer, _position(header(scope, b"last-event-id") or given.get("since", "")), numbers


def _position(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS_MAX else None


def _filters(given: dict[str, str]) -> Filters:
    filters = Filters(
        state=given.get("state", ""),
        category=given.get("category", ""),
        area=given.get("area", ""),
        lead=_organisation(given.get("organisation", "")),
        overdue=given.get("late") == "1",
    )
    return PLAIN if filters == PLAIN else filters


def _organisation(text: str) -> UUID | None:
    """A malformed one finds nothing rather than all, as in the list."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)
