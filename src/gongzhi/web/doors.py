"""URL policy: every view says who may open it. A view that says nothing is closed, at run time and in the tests."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.urls import URLPattern, URLResolver

from gongzhi.access import decisions
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn
from gongzhi.web.visits import Visit

Policy = Literal["public", "signed_in", "staff", "token"]
View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "gongzhi_door"


@dataclass(frozen=True, slots=True)
class Door:
    """policy: public (anybody) · signed_in · staff (holds any role besides resident) · token (checks a key itself).

    roles: one of them is needed; permission: a type-level permission declared by a room; demo: exists in demo mode only.
    """

    policy: Policy
    roles: tuple[str, ...] = ()
    permission: str = ""
    demo: bool = False


def door(
    *, policy: Policy, roles: Iterable[str] = (), permission: str = "", demo: bool = False
) -> Callable[[View], View]:
    """Declare who may open a view. Objects inside are still judged one by one by their room's policy."""
    declared = Door(policy=policy, roles=tuple(roles), permission=permission, demo=demo)

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, declared)
        return view

    return mark


def door_of(view: Callable[..., Any]) -> Door | None:
    """The declaration of a view, if it has one."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Door) else None


def with_door(patterns: Iterable[URLPattern | URLResolver], *, policy: Policy, **more: Any) -> None:
    """Declare the same for every view below that says nothing itself (generated views, e.g. ninja's)."""
    for pattern in leaves(patterns):
        if door_of(pattern.callback) is None:
            door(policy=policy, **more)(pattern.callback)


def leaves(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every URL that ends in a view."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns)
        else:
            yield pattern


def judge(declared: Door | None, *, visit: Visit, demo_mode: bool) -> None:
    """Raises NotFound, NotSignedIn or NotAllowed; returns quietly when the visitor may pass."""
    if declared is None:
        raise NotAllowed("web.no_policy", "这个地址没有声明谁可以打开，因此对所有人关闭。请告诉管理员。")
    if declared.demo and not demo_mode:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    if declared.policy in ("public", "token"):
        return
    actor = visit.actor
    if actor.id is None:
        raise NotSignedIn("web.sign_in_first", "请先登录。")
    if declared.policy == "staff" and not any(held.role != "resident" for held in actor.held):
        raise _refused()
    if declared.roles and not actor.has_role(*declared.roles):
        raise _refused()
    if declared.permission and not decisions.may_do(actor, declared.permission):
        raise _refused()


def _refused() -> NotAllowed:
    return NotAllowed("web.not_allowed", "您现在的岗位不能打开这个页面。需要时请联系本单位管理员。")
