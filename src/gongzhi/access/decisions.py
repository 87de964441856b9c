"""The questions doors and actions ask. Object answers and list filters both come from the same branches."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from gongzhi.access import policy
from gongzhi.access.actor import Actor
from gongzhi.access.hot import top
from gongzhi.access.reach import allowed, resource_of
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn

__all__ = [
    "branches",
    "kept",
    "kept_columns",
    "may",
    "may_do",
    "require",
    "require_to",
    "resource_of",
    "sees_all",
    "top",
    "visible",
]

Row = TypeVar("Row", bound=Model)
_VALUES_EACH_MAX = (
    8  # up to here every organisation is its own branch, so that (organisation, order) indexes serve
)


def may(actor: Actor, verb: str, row: Model) -> bool:
    """Whether this actor may do this to this row. Raises Undeclared where no policy says."""
    return any(branch.holds(row) for branch in allowed(actor, verb, row))


def require(actor: Actor, verb: str, row: Model) -> None:
    """Raises NotFound when the actor may not even view the row (or no view is declared), else NotAllowed."""
    if may(actor, verb, row):
        return
    if verb != "view" and policy.is_declared(resource_of(row), "view") and may(actor, "view", row):
        raise NotAllowed(
            "access.not_allowed", "您没有办理此事项的权限。如确需办理，请联系单位负责人或管理员。"
        )
    raise NotFound("access.not_found", "没有找到，或者您无权查看。")


def branches(actor: Actor, verb: str, model: type[Model]) -> list[Q]:
    """One indexed condition per relation; empty: nothing. [Q()]: everything."""
    return [branch.q() for branch in allowed(actor, verb, model)]


def visible(queryset: QuerySet[Row], actor: Actor, verb: str = "view") -> QuerySet[Row]:
    """What the actor may see of a queryset: for searches, counts, exports. pk IN (branch UNION branch …).

    For the first rows of a long list in order, `top` is the fast way.
    """
    conditions = branches(actor, verb, queryset.model)
    if not conditions:
        return queryset.none()
    if len(conditions) == 1:
        return queryset.filter(conditions[0])
    first, *others = (queryset.model._base_manager.filter(q).values("pk") for q in conditions)
    return queryset.filter(pk__in=first.union(*others))


def sees_all(actor: Actor, model: type[Model], verb: str = "view") -> bool:
    """Whether some relation reaches every row, save those about the actor (`kept_columns`)."""
    return any(branch.match == "all" and not branch.where for branch in allowed(actor, verb, model))


def kept_columns(
    actor: Actor, model: type[Model], verb: str = "view"
) -> frozenset[tuple[str, frozenset[Any]]]:
    """(column, values): rows that have one of these are about the actor and kept from them."""
    return frozenset(pair for branch in allowed(actor, verb, model) for pair in branch.unless)


def kept(queryset: QuerySet[Row], actor: Actor, verb: str = "view") -> QuerySet[Row]:
    """Those of a queryset that are about the actor (`policy.Unless`): a reader of records does not learn they exist."""
    about = Q()
    for column, values in kept_columns(actor, queryset.model, verb):
        about |= Q(**{f"{column}__in": list(values)})
    return queryset.filter(about) if about else queryset.none()


def may_do(
    actor: Actor, name: str, *, area_path: str | None = None, organisation_id: UUID | None = None
) -> bool:
    """Whether the actor has a permission; with area_path or organisation_id: by a role that reaches there."""
    permission = policy.permission(name)
    if permission.everyone or actor.kind == "system":
        return True
    for held in actor.held:
        if held.role not in permission.roles:
            continue
        if area_path is None and organisation_id is None:
            return True
        if held.organisation_id is None and not held.area_path:
            return True
        if area_path is not None and held.area_path and area_path.startswith(held.area_path):
            return True
        if organisation_id is not None and held.organisation_id == organisation_id:
            return True
    return False


def require_to(
    actor: Actor, name: str, *, area_path: str | None = None, organisation_id: UUID | None = None
) -> None:
    """Raises NotSignedIn for the anonymous, NotAllowed for others, unless `may_do`."""
    if may_do(actor, name, area_path=area_path, organisation_id=organisation_id):
        return
    if actor.kind == "anonymous":
        raise NotSignedIn("access.not_signed_in", "请先登录。")
    raise NotAllowed("access.not_permitted", "您的角色没有此项权限。如确需使用，请联系管理员授权。")
