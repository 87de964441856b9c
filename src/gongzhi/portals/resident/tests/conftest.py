"""The small town of the desk's tests, seen from outside; and its staff, who move matters on."""

from collections.abc import Callable
from typing import Any

import pytest

from gongzhi.catalogue.models import Category
from gongzhi.kernel import clock
from gongzhi.matters import actions
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.portals.centre.tests.world import World

Do = Callable[..., None]
_ROAD: list[tuple[str, str, dict[str, Any]]] = [
    ("accept", "dispatcher", {}),
    ("dispatch", "dispatcher", {"reason": "责任清单"}),
    ("sign", "handler", {}),
    ("contact", "handler", {"outcome": "reached"}),
    ("answer", "handler", {"result": "solved", "reply": "已更换灯具。"}),
    ("call_back", "quality", {"outcome": "reached", "solved": True, "contacted": True, "level": "4"}),
    ("close", "quality", {}),
]


@pytest.fixture
def world(db: None) -> World:
    built = worlds.build()
    Category.objects.update(evidence_required=False, verification_required=False)
    return built


@pytest.fixture
def move(world: World) -> Do:
    """Take a matter along the main road, up to and including a verb."""

    def moving(number: str, *, until: str, after: str = "") -> None:
        verbs = [verb for verb, _, _ in _ROAD]
        first = verbs.index(after) + 1 if after else 0
        for verb, who, form in _ROAD[first : verbs.index(until) + 1]:
            at = clock.now()
            given = dict(form)
            if verb == "dispatch":
                given["organisation"] = str(world.organisations["lighting"].id)
            actions.perform(number=number, verb=verb, form=given, by=world.actor(who, at), at=at)

    return moving
