"""URL policy: every address says who may open it; one that does not is closed."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from django.urls import get_resolver, path

from gongzhi.access.actor import ANONYMOUS, Actor, Held
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn
from gongzhi.web import doors
from gongzhi.web.tests.people import AT


def test_every_url_declares_who_may_open_it() -> None:
    found = list(doors.leaves(get_resolver().url_patterns))
    undeclared = [str(pattern.pattern) for pattern in found if doors.door_of(pattern.callback) is None]
    assert found
    assert undeclared == []


def silent(request: object) -> None:  # a view that says nothing: must never run
    raise AssertionError("an undeclared view ran")


urlpatterns = [path("silent/", silent)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_without_a_policy_is_closed_at_run_time() -> None:
    assert Client(headers={"accept": "application/json"}).get("/silent/").status_code == 403


def _visit(actor: Actor) -> doors.Visit:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


def _holding(*roles: str) -> Actor:
    return Actor(kind="account", id=uuid7(AT), held=tuple(Held(role) for role in roles))


def test_staff_doors_know_owner_colleague_and_stranger() -> None:
    door = doors.Door("staff", roles=("dispatcher",))
    doors.judge(door, visit=_visit(_holding("dispatcher")), demo_mode=False)
    with pytest.raises(NotAllowed):
        doors.judge(door, visit=_visit(_holding("handler")), demo_mode=False)
    with pytest.raises(NotAllowed):
        doors.judge(doors.Door("staff"), visit=_visit(_holding("resident")), demo_mode=False)
    with pytest.raises(NotSignedIn):
        doors.judge(door, visit=_visit(ANONYMOUS), demo_mode=False)


def test_demo_doors_do_not_exist_outside_demo_mode() -> None:
    with pytest.raises(NotFound):
        doors.judge(doors.Door("public", demo=True), visit=_visit(ANONYMOUS), demo_mode=False)


def test_generated_views_can_be_declared_together() -> None:
    def generated(request: object) -> None: ...

    patterns = [path("x/", generated)]
    doors.with_door(patterns, policy="token")
    assert doors.door_of(generated) == doors.Door("token")
    assert settings.ROOT_URLCONF == "gongzhi.config.urls"
