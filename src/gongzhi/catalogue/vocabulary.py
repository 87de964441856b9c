"""The names a procedure may use. Effects are implemented by matters under these names; guards are declared there."""

import re

from gongzhi.catalogue.procedure import RELATIONS, STAGES
from gongzhi.grants.roles import ROLES

FIELD_KINDS = frozenset(
    [
        "text",
        "long_text",
        "choice",
        "integer",
        "boolean",
        "files",
        "date",
        "organisation",
        "organisations",
        "account",
        "matter",
        "category",
        "area",
        "fact",
        "position",
    ]
)
DURATION_UNITS = frozenset(("minute", "hour", "day", "work_hour", "work_day", "month"))
NUMBER_UNITS = DURATION_UNITS | {"times", "metre"}
LIMIT_SOURCES = frozenset(("own", "mandate.response", "mandate.handling", "superior"))
CALENDARS = frozenset(("unit", "always"))
BASIS_KINDS = frozenset(("law", "rule", "practice", "default"))
DELIVERIES = frozenset(("now", "digest", "shown"))
ROLE_CODES = frozenset(ROLES)
RELATION_CODES = frozenset(RELATIONS)
STAGE_CODES = frozenset(STAGES)
BEARERS = RELATION_CODES | {"quality"}
GUARD = re.compile(r"[a-z][a-z0-9_]*@[1-9][0-9]*")
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")

_declared_guards: set[str] = set()
_declared_effects: set[str] = set()


def declare_guards(*names: str) -> None:
    """Called once by the room that implements them (matters, at start). Names carry their version: "has_evidence@1"."""
    _declared_guards.update(names)


def declared_guards() -> frozenset[str]:
    """Guards some room of this process implements; empty when none has been loaded (checks then accept any name)."""
    return frozenset(_declared_guards)


def declare_effects(*names: str) -> None:
    """Called by the room that implements them (matters, at start)."""
    _declared_effects.update(names)


def declared_effects() -> frozenset[str]:
    """Effects some room of this process implements; empty when none has been loaded (checks then accept any name)."""
    return frozenset(_declared_effects)
