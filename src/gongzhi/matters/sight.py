"""Who sees the files of a matter: asked by the room of files at every download."""

from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may
from gongzhi.files import sight
from gongzhi.files.sight import Level
from gongzhi.matters.models import Matter


def sight_of(*, actor: Actor, subject_id: str) -> Level:
    """The reporter sees public files, whoever works on it sees all. Reporting and working together: as a worker."""
    try:
        matter = Matter.objects.filter(id=UUID(subject_id)).first()
    except ValueError:
        return "none"
    if matter is None or not may(actor, "view", matter):
        return "none"
    as_reporter = actor.party_id is not None and actor.party_id in (matter.reporter_id, matter.id)
    if as_reporter and not may(Actor(kind=actor.kind, id=actor.id, held=actor.held), "view", matter):
        return "public"
    return "internal"


sight.register("matters.matter", sight_of)
