"""What must be true of all declarations once every room has made its own: found at start, not at the first request."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from gongzhi.access import policy
from gongzhi.access.policy import Rule


@register("access")
def check_policies(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Resources are models; columns exist; area columns compare bytewise (COLLATE "C")."""
    return [
        Error(f"{verb} {resource}: {message}", id="access.E001")
        for resource, verb, rules in policy.policies()
        for message in _faults(resource, rules)
    ]


def _faults(resource: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    try:
        model = apps.get_model(resource)
    except LookupError:
        yield "no such model"
        return
    for rule in rules:
        yield from _missing(model, [*rule.where, *(rule.unless.columns if rule.unless else ())])
        if not rule.through:
            yield from _missing(model, rule.columns)
            yield from _collation(model, rule.area)
            continue
        try:
            facts = apps.get_model(rule.through)
        except LookupError:
            yield f"no such model {rule.through}"
            continue
        yield from _missing(facts, [rule.key, *rule.columns, *rule.through_where])


def _missing(model: type[Model], conditions: list[str] | tuple[str, ...]) -> Iterator[str]:
    for condition in conditions:
        try:
            model._meta.get_field(condition.removesuffix("__in"))
        except FieldDoesNotExist:
            yield f"{model._meta.label} has no column {condition}"


def _collation(model: type[Model], column: str) -> Iterator[str]:
    if column and getattr(model._meta.get_field(column), "db_collation", None) != "C":
        yield f'{model._meta.label}.{column} needs COLLATE "C" (gongzhi.access.fields.AreaPathField)'
