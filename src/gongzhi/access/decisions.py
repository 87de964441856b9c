"""The questions doors and actions ask. Object answers and list filters both come from `branches_of`."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from gongzhi.access import policy
from gongzhi.access.actor import Actor
from gongzhi.access.branches import Branch, branches_of
from gongzhi.kernel.refusals import NotAllowed, NotFound, NotSignedIn

Row = TypeVar("Row", bound=Model)
_VALUES_EACH_MAX = (
    8  # up to here every organisation is its own branch, so that (organisation, order) indexes serve
)


def resource_of(model: type[Model] | Model) -> str:
    """ "matters.matter" for a model or one of its rows."""
    return model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]


def may(actor: Actor, verb: str, row: Model) -> bool:
    """Whether this actor may do this to this row. Raises Undeclared where no policy says."""
    return any(branch.holds(row) for branch in _branches(actor, verb, row))


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
    return [branch.q() for branch in _branches(actor, verb, model)]


def visible(queryset: QuerySet[Row], actor: Actor, verb: str = "view") -> QuerySet[Row]:
    """What the actor may see of a queryset: for searches, counts, exports. pk IN (branch UNION branch …)."""
    conditions = branches(actor, verb, queryset.model)
    if not conditions:
        return queryset.none()
    if len(conditions) == 1:
        return queryset.filter(conditions[0])
    first, *others = (queryset.model._base_manager.filter(q).values("pk") for q in conditions)
    return queryset.filter(pk__in=first.union(*others))


def top(
    queryset: QuerySet[Row], actor: Actor, *, order: Sequence[str], limit: int, verb: str = "view"
) -> QuerySet[Row]:
    """The first `limit` visible rows in `order` (total: end it with the primary key): for hot lists.

    Each branch brings its own first rows through its own index (relation, order…); the union is ordered again. So it
    costs the same for a viewer with one row among 10⁶ and for the busiest. Filter before, do not slice after.
    """
    conditions = [q for branch in _branches(actor, verb, queryset.model) for q in _one_value_each(branch)]
    if not conditions:
        return queryset.none()
    if len(conditions) == 1:
        return queryset.filter(conditions[0]).order_by(*order)[:limit]
    first, *others = (queryset.filter(q).order_by(*order).values("pk")[:limit] for q in conditions)
    return queryset.filter(pk__in=first.union(*others)).order_by(*order)[:limit]


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


def _branches(actor: Actor, verb: str, model: type[Model] | Model) -> list[Branch]:
    return branches_of(policy.rules_for(resource_of(model), verb), actor)


def _one_value_each(branch: Branch) -> list[Q]:
    if branch.match != "in" or branch.through or len(branch.values) > _VALUES_EACH_MAX:
        return [branch.q()]
    return [
        Branch("in", branch.column, frozenset({value}), branch.where).q()
        for value in sorted(branch.values, key=str)
    ]
