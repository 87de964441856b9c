"""Writes docs/policies.md from what the rooms declare: `python -m tests.docs.policies_page`."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gongzhi.access import policy
from gongzhi.access.policy import Rule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
HEAD = """# Who may do what

Everything not listed here is refused. Each room declares its part in `policies.py`; the decision about one row and the
filter of a list come from the same declaration. The verbs of running matters (who may accept, dispatch, answer …) stand
in the published procedure, not here: see [procedures](procedures.md); what this page says about `matters.matter` is who
sees it. The system itself (imports, clocks, the operator's commands) may do everything and is recorded by that name.

This page is written by `python -m tests.docs.policies_page`; a test compares it with the source.

Addresses have a policy of their own (`@door` at each view): one that says nothing is closed and fails the tests.

A role counts where it was given: over an area and all below it, in an organisation, or everywhere.
"""


def page() -> str:
    """The whole page. Needs Django set up."""
    return "\n".join([HEAD, *_roles(), *_rows(), *_permissions()]) + "\n"


def _roles() -> Iterator[str]:
    from gongzhi.grants.roles import ADMINISTRATORS, ROLES

    yield "## Roles\n"
    yield "| role | 中文 | given for |"
    yield "|---|---|---|"
    given = {
        "area": "an area",
        "organisation": "an organisation",
        "either": "an area or an organisation",
        "none": "the whole installation",
    }
    for role in ROLES.values():
        below = " and those below it" if role.covers_below else ""
        alone = "; holds no other administrator's role" if role.code in ADMINISTRATORS else ""
        yield f"| `{role.code}` | {role.zh} | {given[role.scope]}{below}{alone} |"


def _rows() -> Iterator[str]:
    yield "\n## Rows\n"
    yield "| resource | verb | who | only where |"
    yield "|---|---|---|---|"
    for resource, verb, rules in policy.policies():
        if verb.startswith("queue:"):  # parts of "view" that make the inbox
            continue
        if not rules:
            yield f"| `{resource}` | {verb} | nobody but the system | |"
        for rule in rules:
            yield f"| `{resource}` | {verb} | {_who(rule)} | {_where(rule.where)} |"


def _who(rule: Rule) -> str:
    roles = _listed(rule.roles)
    columns = " or ".join(f"`{column}`" for column in rule.columns)
    fact = f" of a `{rule.through}`" + (f" ({_where(rule.through_where)})" if rule.through_where else "")
    place = fact if rule.through else ""
    if rule.everyone:
        return f"{roles}, anywhere" if roles else "everybody"
    if rule.party:
        return f"the person in {columns}{place}"
    if rule.organisation:
        return f"{roles}, in the organisation in {columns}{place}"
    return f"{roles}, over the area in {columns}"


def _where(conditions: Mapping[str, object]) -> str:
    return ", ".join(
        f"`{name.removesuffix('__in')}` {'is one of' if name.endswith('__in') else 'is'} {_value(value)}"
        for name, value in sorted(conditions.items())
    )


def _value(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, (tuple, list, set, frozenset)):
        return _listed(map(str, value))
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _permissions() -> Iterator[str]:
    yield "\n## Permissions that are not about one row\n"
    yield "| permission | who |"
    yield "|---|---|"
    for permission in policy.permissions():
        who = "everybody" if permission.everyone else _listed(permission.roles) or "nobody but the system"
        yield f"| `{permission.name}` | {who} |"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
