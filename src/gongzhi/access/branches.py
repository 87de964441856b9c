"""Branches: what a policy's rules mean for one actor. Each branch is both an SQL condition and a test of an object.

A list is the union of its branches; an object is allowed when one branch holds. Because both readings come from the
same value, list and object cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model, Q

from gongzhi.access.actor import Actor, Held
from gongzhi.access.policy import Rule

Match = Literal["all", "in", "prefix"]
Condition = tuple[str, frozenset[Any]]


@dataclass(frozen=True, slots=True)
class Branch:
    """column (of the row, or of `through`) matches values; every condition of `where` holds and none of `unless`."""

    match: Match
    column: str = ""
    values: frozenset[Any] = frozenset()
    where: frozenset[Condition] = frozenset()
    through: str = ""
    key: str = ""
    through_where: frozenset[Condition] = frozenset()
    unless: frozenset[Condition] = frozenset()

    def q(self) -> Q:
        """The SQL reading, for the row's own table."""
        condition = _conditions(self.where)
        for column, values in sorted(self.unless, key=lambda pair: pair[0]):
            condition &= ~_is_one_of(column, values)
        if self.match == "all":
            return condition
        if not self.through:
            return condition & self._relation()
        facts = apps.get_model(self.through)._base_manager.filter(
            self._relation(), _conditions(self.through_where)
        )
        return condition & Q(pk__in=facts.values(self.key))

    def applies(self, row: Model) -> bool:
        """Whether the conditions on the row's own columns hold; the relation is another question."""
        return all(_value(row, column) in values for column, values in self.where) and not any(
            _value(row, column) in values for column, values in self.unless
        )

    def facts(self, keys: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """(row's key, related value) from the fact table of a `through` branch, for these rows. One query."""
        found = apps.get_model(self.through)._base_manager.filter(_conditions(self.through_where))
        yield from found.filter(**{f"{self.key}__in": list(keys)}).values_list(self.key, self.column)

    def holds(self, row: Model) -> bool:
        """The object reading."""
        if not self.applies(row):
            return False
        if self.match == "all":
            return True
        if self.through:
            facts = apps.get_model(self.through)._base_manager.filter(
                self._relation(), _conditions(self.through_where), **{self.key: row.pk}
            )
            return bool(facts.exists())
        value = _value(row, self.column)
        if self.match == "in":
            return bool(value in self.values)
        return isinstance(value, str) and any(value.startswith(prefix) for prefix in self.values)

    def _relation(self) -> Q:
        if self.match == "in":
            return _is_one_of(self.column, self.values)
        (prefix,) = self.values
        return Q(**{f"{self.column}__gte": prefix, f"{self.column}__lt": successor(prefix)})


def successor(prefix: str) -> str:
    """The smallest text, in code point order (COLLATE "C"), above everything that starts with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def branches_of(rules: Iterable[Rule], actor: Actor) -> list[Branch]:
    """The fewest branches that allow what the rules allow this actor; none: nothing is allowed."""
    if actor.kind == "system":
        return [Branch("all")]
    return pruned(branch for rule in rules for branch in _of_rule(rule, actor))


def pruned(branches: Iterable[Branch]) -> list[Branch]:
    """Merge equal relations, then drop every branch that another one covers."""
    merged: dict[Branch, frozenset[Any]] = {}
    for branch in branches:
        shape = branch if branch.match == "prefix" else replace(branch, values=frozenset())
        merged[shape] = merged.get(shape, frozenset()) | branch.values
    kept: list[Branch] = []
    for branch in (replace(shape, values=values) for shape, values in merged.items()):
        if not any(_covers(other, branch) for other in kept):
            kept = [*(other for other in kept if not _covers(branch, other)), branch]
    return kept


def _of_rule(rule: Rule, actor: Actor) -> Iterator[Branch]:
    held = [h for h in actor.held if h.role in rule.roles]
    if rule.roles and not held:
        return
    where, unless = _frozen(rule.where), _kept_from(rule, actor)
    if rule.everyone:
        yield Branch("all", where=where, unless=unless)
    elif rule.area:
        yield from (
            replace(_below(rule.area, h, where), unless=unless) for h in held if h.organisation_id is None
        )
    else:
        values = (
            frozenset(h.organisation_id for h in held if h.organisation_id)
            if rule.organisation
            else frozenset({actor.party_id} - {None})
        )
        if values:
            facts = _frozen(rule.through_where)
            for column in rule.columns:
                yield Branch("in", column, values, where, rule.through.lower(), rule.key, facts, unless)


def _kept_from(rule: Rule, actor: Actor) -> frozenset[Condition]:
    """What of this rule's rows is about the actor."""
    if rule.unless is None:
        return frozenset()
    own = ((rule.unless.organisation, actor.units), (rule.unless.account, frozenset({actor.id} - {None})))
    return frozenset((column, values) for column, values in own if column and values)


def _below(column: str, held: Held, where: frozenset[Condition]) -> Branch:
    if not held.area_path:
        return Branch("all", where=where)
    return Branch("prefix", column, frozenset({held.area_path}), where)


def _covers(wide: Branch, narrow: Branch) -> bool:
    """Everything `narrow` allows, `wide` allows too (may miss some such pairs, never claims a false one)."""
    given = dict(narrow.where)
    if not wide.unless <= narrow.unless:
        return False
    if not all(column in given and given[column] <= values for column, values in wide.where):
        return False
    if wide.match == "all":
        return True
    if _shape(wide) != _shape(narrow):
        return False
    if wide.match == "in":
        return narrow.values <= wide.values
    return all(any(value.startswith(prefix) for prefix in wide.values) for value in narrow.values)


def _shape(branch: Branch) -> Branch:
    return replace(branch, values=frozenset(), where=frozenset(), unless=frozenset())


def _frozen(where: Mapping[str, object]) -> frozenset[Condition]:
    return frozenset(
        (
            condition.removesuffix("__in"),
            _accepted(value) if condition.endswith("__in") else frozenset({value}),
        )
        for condition, value in where.items()
    )


def _accepted(values: object) -> frozenset[Any]:
    if not isinstance(values, Iterable) or isinstance(values, str):
        raise TypeError("__in needs several values")
    return frozenset(values)


def _conditions(where: frozenset[Condition]) -> Q:
    condition = Q()
    for column, values in sorted(where, key=lambda pair: pair[0]):
        condition &= _is_one_of(column, values)
    return condition


def _is_one_of(column: str, values: frozenset[Any]) -> Q:
    given = sorted((value for value in values if value is not None), key=repr)
    condition = Q(**{column: given[0]}) if len(given) == 1 else Q(**{f"{column}__in": given})
    if None not in values:
        return condition
    return Q(**{f"{column}__isnull": True}) | condition if given else Q(**{f"{column}__isnull": True})


def _value(row: Model, column: str) -> Any:
    return getattr(row, row._meta.get_field(column).attname)  # type: ignore[union-attr]
