"""Many actors, the same few rows: a change is judged for everybody who listens, so fact tables are read once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Model

from gongzhi.access.actor import Actor
from gongzhi.access.branches import Branch
from gongzhi.access.reach import allowed


class Crowd:
    """Answers as `decisions.may` does, from the same branches; what it has read of facts it does not read again."""

    def __init__(self, rows: Sequence[Model]) -> None:
        self._keys = [row.pk for row in rows]
        self._facts: dict[Branch, dict[Any, set[Any]]] = {}

    def may(self, actor: Actor, verb: str, row: Model) -> bool:
        """`row` is one of the rows given. Raises Undeclared where no policy says."""
        return any(
            self._related(branch, row) if branch.through else branch.holds(row)
            for branch in allowed(actor, verb, row)
        )

    def _related(self, branch: Branch, row: Model) -> bool:
        if not branch.applies(row):
            return False
        shape = replace(branch, values=frozenset(), where=frozenset(), unless=frozenset())
        if shape not in self._facts:
            found = self._facts[shape] = {}
            for key, value in branch.facts(self._keys):
                found.setdefault(key, set()).add(value)
        return not branch.values.isdisjoint(self._facts[shape].get(row.pk, ()))
