"""Conditions a procedure names: `name@version`. A published name keeps its meaning for ever; a new meaning is a new version.

A guard answers with a refusal or None. form None: only whether the verb may be offered, what the form will bring is
not known yet.
"""

from gongzhi.matters.guards import (
    complaining,
    family,
    helping,
    inside,
    main_road,
    quarrels,
    signing_off,
    superiors,
    supervision,
    whistles,
)
from gongzhi.matters.guards.registry import GUARDS, Form, Guard, guard

__all__ = [
    "GUARDS",
    "Form",
    "Guard",
    "complaining",
    "family",
    "guard",
    "helping",
    "inside",
    "main_road",
    "quarrels",
    "signing_off",
    "superiors",
    "supervision",
    "whistles",
]
