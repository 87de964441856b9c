"""Every declared policy as rows, for docs/policies.md and for the page that shows officials who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongzhi.access import policy
from gongzhi.access.policy import Rule


@dataclass(frozen=True, slots=True)
class Line:
    """resource, verb, roles ("—": anybody), by which relation, under which condition."""

    resource: str
    verb: str
    roles: str
    relation: str
    condition: str


def lines() -> list[Line]:
    """One line per rule, then one per permission (verb "—")."""
    rows = [
        Line(resource, verb, *(_of(rule) if rule else ("—", "nobody", "")))
        for resource, verb, rules in policy.policies()
        for rule in (rules or (None,))
    ]
    for permission in policy.permissions():
        roles = ", ".join(sorted(permission.roles)) or ("—" if permission.everyone else "nobody")
        rows.append(Line(permission.name, "—", roles, "everyone" if permission.everyone else "role", ""))
    return rows


def markdown() -> str:
    """The table of `lines` in Markdown."""
    head = "| resource | verb | roles | relation | condition |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {line.resource} | {line.verb} | {line.roles} | {line.relation} | {line.condition} |\n"
        for line in lines()
    )


def _of(rule: Rule) -> tuple[str, str, str]:
    columns = " or ".join(rule.columns)
    relation = "everyone"
    if rule.organisation:
        relation = f"organisation of the role = {columns}"
    elif rule.area:
        relation = f"{columns} below the area of the role"
    elif rule.party:
        relation = f"own party = {columns}"
    if rule.through:
        relation += f" of {rule.through}" + (f" ({_words(rule.through_where)})" if rule.through_where else "")
    return ", ".join(sorted(rule.roles)) or "—", relation, _condition(rule)


def _condition(rule: Rule) -> str:
    words = [_words(rule.where)] if rule.where else []
    if rule.unless and rule.unless.organisation:
        words.append(f"not of the unit in {rule.unless.organisation}")
    if rule.unless and rule.unless.account:
        words.append(f"not the account in {rule.unless.account}")
    return " and ".join(words)


def _words(where: Mapping[str, object]) -> str:
    return " and ".join(
        f"{column.removesuffix('__in')} {'in' if column.endswith('__in') else '='} {value}"
        for column, value in sorted(where.items())
    )
