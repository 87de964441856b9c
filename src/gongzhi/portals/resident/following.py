"""Who reads a matter at this door: the signed-in reporter, or whoever proved a number during this visit."""

from typing import Any
from uuid import UUID

from gongzhi.access.actor import Actor, Held
from gongzhi.web.visits import Visit

_KEY = "following"
_MATTERS_MAX = 20


def remember(request: Visit, *, number: str, reader: Actor) -> None:
    """Keep the proof in the session; the oldest one goes when there are too many."""
    kept: dict[str, Any] = dict(request.session.get(_KEY, {}))
    kept[number] = str(reader.id)
    request.session[_KEY] = dict(list(kept.items())[-_MATTERS_MAX:])


def remember_piece(request: Visit, *, number: str, matter_id: UUID) -> None:
    """A matter that was split from one already proved."""
    request.session[_KEY] = {**request.session.get(_KEY, {}), number: str(matter_id)}


def reader_of(request: Visit, number: str) -> Actor:
    """The proved reporter of this number, else whoever is signed in (the room's policy then judges)."""
    proved = request.session.get(_KEY, {}).get(number)
    if proved is None:
        return request.actor
    matter_id = UUID(proved)
    return Actor(
        kind="token",
        id=matter_id,
        party_id=matter_id,
        held=(Held("resident"),),
        language=request.actor.language,
        request_id=request.request_id,
    )


def proved(request: Visit) -> list[str]:
    """Numbers proved during this visit, newest first."""
    return list(reversed(request.session.get(_KEY, {})))


def only_as_reporter(actor: Actor) -> Actor:
    """The person without their posts: an official's own reports, not the desk's."""
    return Actor(
        kind=actor.kind,
        id=actor.id,
        party_id=actor.party_id,
        held=(Held("resident"),),
        language=actor.language,
        request_id=actor.request_id,
    )
