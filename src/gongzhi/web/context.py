"""What base templates know about the reader."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gongzhi.access.actor import ANONYMOUS, Actor


@dataclass(frozen=True, slots=True)
class Reader:
    """The person before the screen, as templates may know them."""

    signed_in: bool
    name: str
    actor: Actor

    @property
    def staff(self) -> bool:
        return any(held.role != "resident" for held in self.actor.held)


def reader(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Error pages render it too, so it must not touch the database itself."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    name = ""
    if actor.id is not None and request.user.is_authenticated:
        name = request.user.display_name or request.user.username
    return {"reader": Reader(actor.id is not None, name, actor), "demo_mode": settings.DEMO}
