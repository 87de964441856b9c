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
from gongzhi.access.statements import Statement

Row = TypeVar("Row", bound=Model)
SMALL = 3000  # rows read and sorted in a few milliseconds
_VALUES_EACH_MAX = (
    8  # up to here every organisation is its own branch, so that (organisation, order…) indexes serve
)


def top(
    queryset: QuerySet[Row], actor: Actor, *, order: Sequence[str], limit: int, verb: str = "view"
) -> QuerySet[Row]:
    """The first `limit` visible rows in `order`: own columns, total (end it with the primary key). One query.

    Each branch brings its own first rows, their union is ordered again. Filter before, do not slice after. Wants an
    index (column, order…) for every organisation and party column, and one on the area path.
    """
    keys = chosen(queryset, actor, order=order, limit=limit, verb=verb)
    if keys is None:
        return queryset.none()
    sql, params = keys
    primary = _field(queryset.model, "pk").attname
    first = RawSQL(f'SELECT "{primary}" FROM ({sql}) AS first', params)  # noqa: S608, S611 (compiled by Django)
    return queryset.filter(pk__in=first).order_by(*order)[:limit]


def chosen(
    queryset: QuerySet[Row], actor: Actor, *, order: Sequence[str], limit: int, verb: str = "view"
) -> Statement | None:
    """The statement behind `top`: primary key (first column) and columns of `order`, in that order. None: nothing."""
    found = [piece for branch in allowed(actor, verb, queryset.model) for piece in _one_value_each(branch)]
    names = list(dict.fromkeys(_field(queryset.model, name).attname for name in ("pk", *order)))
    try:
        pieces = [piece for branch in found for piece in _pieces(queryset, branch, order, names, limit)]
    except EmptyResultSet:  # a filter that no row can pass, known before asking (an unknown code, for one)
        return None
    if len(pieces) < 2:
        return pieces[0] if pieces else None
    union = " UNION ".join(f"({sql})" for sql, _ in pieces)
    sql = f"SELECT * FROM ({union}) AS u ORDER BY {_sorting('u', queryset.model, order)} LIMIT {limit:d}"  # noqa: S608
    return sql, tuple(value for _, params in pieces for value in params)


def _pieces(
    queryset: QuerySet[Row], branch: Branch, order: Sequence[str], names: list[str], limit: int
) -> Iterator[Statement]:
    rows = queryset.filter(branch.q())
    if branch.match == "prefix":
        count, params = _counted(queryset.model, branch)
        large = RawSQL(f"{count} > {SMALL}", params, BooleanField())  # noqa: S611
        yield _compiled(rows.filter(large).order_by(*order).values(*names)[:limit])
        yield _fenced(rows, branch, order, names, limit)
    else:
        yield _compiled(rows.order_by(*order).values(*names)[:limit])


def _counted(model: type[Model], branch: Branch) -> Statement:
    """How many rows lie below the area, other conditions left aside, counted to SMALL + 1 through its index."""
    below = model._base_manager.filter(replace(branch, where=frozenset(), unless=frozenset()).q()).order_by(
        branch.column
    )
    sql, params = _compiled(below.values("pk")[: SMALL + 1])
    return f"(SELECT count(*) FROM ({sql}) AS below)", params  # noqa: S608 (compiled by Django)


def _fenced(
    rows: QuerySet[Row], branch: Branch, order: Sequence[str], names: list[str], limit: int
) -> Statement:
    """The road for a small area: all of it, at most SMALL rows, sorted apart from the planner's guesses."""
    sql, params = _compiled(rows.order_by(branch.column).values(*names)[:SMALL])
    count, count_params = _counted(rows.model, branch)
    return (
        f"SELECT * FROM ({sql}) AS few WHERE {count} <= {SMALL}"  # noqa: S608 (compiled by Django)
        f" ORDER BY {_sorting('few', rows.model, order)} LIMIT {limit:d}",
        (*params, *count_params),
    )


def _sorting(alias: str, model: type[Model], order: Sequence[str]) -> str:
    return ", ".join(
        f'{alias}."{_field(model, name).attname}" {"DESC" if name.startswith("-") else "ASC"}'
        for name in order
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
