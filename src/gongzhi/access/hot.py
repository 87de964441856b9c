"""Hot lists: the first rows of what somebody may see, as fast for one row among 10⁶ as for a million.

The planner guesses how many rows lie below an area, and guesses badly for a small area among many: it walks the order
index to its end (measured: 700 ms for one row among 10⁶). So the statement itself counts first, up to a bound, and
takes one of two roads: a small area is read through the index of its path and sorted, behind a fence (a subquery with
LIMIT, into which the outer LIMIT is not pushed); a large one as the planner likes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

from gongzhi.access.actor import Actor
from gongzhi.access.branches import Branch
from gongzhi.access.reach import allowed

Row = TypeVar("Row", bound=Model)
SMALL = 3000  # rows read and sorted in a few milliseconds
_VALUES_EACH_MAX = (
    8  # up to here every organisation is its own branch, so that (organisation, order…) indexes serve
)
Statement = tuple[str, tuple[Any, ...]]


def top(
    queryset: QuerySet[Row], actor: Actor, *, order: Sequence[str], limit: int, verb: str = "view"
) -> QuerySet[Row]:
    """The first `limit` visible rows in `order`: own columns, total (end it with the primary key). One query.

    Each branch brings its own first rows, their union is ordered again. Filter before, do not slice after. Wants an
    index (column, order…) for every organisation and party column, and one on the area path.
    """
    found = [piece for branch in allowed(actor, verb, queryset.model) for piece in _one_value_each(branch)]
    if not found:
        return queryset.none()
    if len(found) == 1 and found[0].match != "prefix":
        return queryset.filter(found[0].q()).order_by(*order)[:limit]
    try:
        pieces = [piece for branch in found for piece in _pieces(queryset, branch, order, limit)]
    except EmptyResultSet:  # a filter that no row can pass, known before asking (an unknown code, for one)
        return queryset.none()
    union = " UNION ".join(f"({sql})" for sql, _ in pieces)
    chosen = RawSQL(union, tuple(value for _, params in pieces for value in params))  # noqa: S611 (compiled by Django)
    return queryset.filter(pk__in=chosen).order_by(*order)[:limit]


def _pieces(queryset: QuerySet[Row], branch: Branch, order: Sequence[str], limit: int) -> Iterator[Statement]:
    rows = queryset.filter(branch.q())
    if branch.match == "prefix":
        count, params = _counted(queryset.model, branch)
        large = RawSQL(f"{count} > {SMALL}", params, BooleanField())  # noqa: S611
        yield _compiled(rows.filter(large).order_by(*order).values("pk")[:limit])
        yield _fenced(rows, branch, order, limit)
    else:
        yield _compiled(rows.order_by(*order).values("pk")[:limit])


def _counted(model: type[Model], branch: Branch) -> Statement:
    """How many rows lie below the area, other conditions left aside, counted to SMALL + 1 through its index."""
    below = model._base_manager.filter(replace(branch, where=frozenset()).q()).order_by(branch.column)
    sql, params = _compiled(below.values("pk")[: SMALL + 1])
    return f"(SELECT count(*) FROM ({sql}) AS below)", params  # noqa: S608 (compiled by Django)


def _fenced(rows: QuerySet[Row], branch: Branch, order: Sequence[str], limit: int) -> Statement:
    """The road for a small area: all of it, at most SMALL rows, sorted apart from the planner's guesses."""
    names = dict.fromkeys(
        [*(_field(rows.model, name).attname for name in order), _field(rows.model, "pk").attname]
    )
    sql, params = _compiled(rows.order_by(branch.column).values(*names)[:SMALL])
    count, count_params = _counted(rows.model, branch)
    wanted = ", ".join(
        f'few."{_field(rows.model, name).column}" {"DESC" if name.startswith("-") else "ASC"}'
        for name in order
    )
    primary = _field(rows.model, "pk").column
    return (
        f'SELECT few."{primary}" FROM ({sql}) AS few WHERE {count} <= {SMALL} ORDER BY {wanted} LIMIT {limit:d}',  # noqa: S608
        (*params, *count_params),
    )


def _compiled(rows: QuerySet[Any, Any]) -> Statement:
    sql, params = rows.query.sql_with_params()
    return sql, tuple(params)


def _field(model: type[Model], name: str) -> Any:
    plain = name.removeprefix("-")
    return model._meta.pk if plain == "pk" else model._meta.get_field(plain)


def _one_value_each(branch: Branch) -> list[Branch]:
    if branch.match != "in" or branch.through or len(branch.values) > _VALUES_EACH_MAX:
        return [branch]
    return [replace(branch, values=frozenset({value})) for value in sorted(branch.values, key=str)]
