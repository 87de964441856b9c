"""Declarations: which relation to a row gives which verb, and which role gives which permission. Data, no callbacks.

Rooms declare theirs in `<room>/policies.py`, imported by their AppConfig. What is not declared does not exist: asking
for it raises `Undeclared` (default deny is not silence: a forgotten policy fails the first test that meets it).
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

Columns = str | tuple[str, ...]


class Undeclared(LookupError):
    """Nobody declared this verb, resource or permission: a defect of ours, never the user's fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unless:
    """Rows that are kept from whom they are about, whatever relation else holds.

    organisation: column with the id of a unit; kept from everybody who belongs to it (`Actor.units`)
    account: column with the id of an account; kept from its holder
    """

    organisation: str = ""
    account: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for column in (self.organisation, self.account) if column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One relation to a row that suffices. Exactly one of organisation, area, party, everyone.

    roles: the actor must hold one of them in the scope meant; empty only for party and everyone
    organisation: column(s) with the id of an organisation the role is held in
    area: column with a materialised path at or below the area the role is held in (held for "" = everywhere)
    party: column(s) with the actor's own party id
    everyone: no relation needed (with roles: whoever holds one anywhere)
    where: equality or `column__in` on the row's own columns; None means NULL
    through, key, through_where: the relation stands in a fact table ("matters.assignment") whose column `key` points
        to the row; organisation and party then name columns of that table, where still names the row's own
    unless: rows this rule never gives (`declare` sets it for a whole policy)
    """

    roles: AbstractSet[str] = frozenset()
    organisation: Columns = ()
    area: str = ""
    party: Columns = ()
    everyone: bool = False
    where: Mapping[str, object] = field(default_factory=dict)
    through: str = ""
    key: str = ""
    through_where: Mapping[str, object] = field(default_factory=dict)
    unless: Unless | None = None

    def __post_init__(self) -> None:
        named = [bool(self.organisation), bool(self.area), bool(self.party), self.everyone]
        if sum(named) != 1:
            raise ValueError("a rule names exactly one of organisation, area, party, everyone")
        if (self.organisation or self.area) and not self.roles:
            raise ValueError("a rule by organisation or area needs roles")
        if bool(self.through) != bool(self.key) or (self.through and not (self.organisation or self.party)):
            raise ValueError("through needs key, and organisation or party")
        for condition in (*self.where, *self.through_where):
            column = condition.removesuffix("__in")
            if "__" in column:
                raise ValueError(f"{condition}: only equality and __in on own columns")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that carry the relation (empty for everyone)."""
        named = self.organisation or self.party or self.area
        return (named,) if isinstance(named, str) and named else tuple(named)


@dataclass(frozen=True, slots=True)
class Permission:
    """What is not about one row: exporting, unmasking, administering. Held by role, optionally within a scope."""

    name: str
    roles: frozenset[str]
    everyone: bool = False


_policies: dict[tuple[str, str], tuple[Rule, ...]] = {}
_permissions: dict[str, Permission] = {}


def declare(*, resource: str, verb: str, rules: Sequence[Rule], unless: Unless | None = None) -> None:
    """Say once who may `verb` a row of `resource` ("matters.matter", the model's label in lower case).

    No rules: nobody but the system. unless: what no rule gives, save those by `party`: a row stays its own person's.
    Raises ValueError for a second declaration.
    """
    if resource != resource.lower() or resource.count(".") != 1 or not verb:
        raise ValueError(f"resource is a model label in lower case: {resource!r}")
    if (resource, verb) in _policies:
        raise ValueError(f"{verb} {resource} is declared already")
    _policies[resource, verb] = tuple(
        replace(rule, unless=unless) if unless and not rule.party else rule for rule in rules
    )


def declare_permission(name: str, *, roles: AbstractSet[str] = frozenset(), everyone: bool = False) -> None:
    """Say once which roles have the permission `name` ("matters.export")."""
    if name in _permissions:
        raise ValueError(f"{name} is declared already")
    if everyone and roles:
        raise ValueError("everyone needs no roles")
    _permissions[name] = Permission(name, frozenset(roles), everyone)


def rules_for(resource: str, verb: str) -> tuple[Rule, ...]:
    """Raises Undeclared."""
    try:
        return _policies[resource, verb]
    except KeyError:
        raise Undeclared(f"no policy says who may {verb!r} a {resource}") from None


def permission(name: str) -> Permission:
    """Raises Undeclared."""
    try:
        return _permissions[name]
    except KeyError:
        raise Undeclared(f"no policy says who may {name!r}") from None


def is_declared(resource: str, verb: str) -> bool:
    return (resource, verb) in _policies


def policies() -> Iterator[tuple[str, str, tuple[Rule, ...]]]:
    """Everything declared, ordered by resource and verb."""
    for (resource, verb), rules in sorted(_policies.items()):
        yield resource, verb, rules


def permissions() -> Iterator[Permission]:
    """Everything declared, ordered by name."""
    yield from (_permissions[name] for name in sorted(_permissions))
