"""Who may see what a file is attached to: asked of the room that owns the subject, at every download."""

from collections.abc import Mapping
from typing import Literal, Protocol

from gongzhi.access.actor import Actor

Level = Literal["none", "public", "internal"]


class Sight(Protocol):
    """A room's answer about one of its subjects.

    "internal": works on it, sees every file; "public": may see it as the reporter or the public does, sees public
    files; "none": may not know that it exists. Asked anew each time: an answer is never kept.
    """

    def __call__(self, *, actor: Actor, subject_id: str) -> Level: ...


_sights: dict[str, Sight] = {}


def register(subject_kind: str, sight: Sight) -> None:
    """Say who answers for a kind of subject ("matters.matter"). Raises ValueError when another room does already."""
    if _sights.setdefault(subject_kind, sight) is not sight:
        raise ValueError(f"somebody answers for files of {subject_kind} already")


def level(*, actor: Actor, subject_kind: str, subject_id: str) -> Level:
    """Nobody answers for the kind: none (default deny). The system sees all."""
    if actor.kind == "system":
        return "internal"
    sight = _sights.get(subject_kind)
    return sight(actor=actor, subject_id=subject_id) if sight else "none"


def shows(level: Level, visibility: str) -> bool:
    """Whether a level of sight includes files of this visibility."""
    return level == "internal" or (level == "public" and visibility == "public")


def registered() -> Mapping[str, Sight]:
    return _sights
