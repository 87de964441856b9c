"""Who sees the files of a matter: asked by the room of files at every download."""

from dataclasses import replace
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may
from gongzhi.files import sight
from gongzhi.files.sight import Level
from gongzhi.matters.models import Matter


def sight_of(*, actor: Actor, subject_id: str) -> Level:
    """Who only reports sees public files, who works on it sees all."""
    try:
        matter = Matter.objects.filter(id=UUID(subject_id)).first()
    except ValueError:
        return "none"
    if matter is None or not may(actor, "view", matter):
        return "none"
    return "internal" if works_on(actor, matter) else "public"


def works_on(actor: Actor, matter: Matter) -> bool:
    """Whether the actor sees the matter by a role, not only because they reported it."""
    return may(replace(actor, party_id=None), "view", matter)


sight.register("matters.matter", sight_of)
