"""What verbs do to rows, one small function per effect. A procedure names them."""

from gongzhi.matters.effects import (
    asking,
    complaining,
    deciding,
    emergency,
    ending,
    handling,
    helping,
    inside,
    intake,
    leaving,
    linking,
    merging,
    reviewing,
    signing_off,
    splitting,
    superiors,
    supervision,
    whistles,
)
from gongzhi.matters.effects.registry import EFFECTS, Effect
from gongzhi.matters.effects.step import Step

__all__ = [
    "EFFECTS",
    "Effect",
    "Step",
    "asking",
    "complaining",
    "deciding",
    "emergency",
    "ending",
    "handling",
    "helping",
    "inside",
    "intake",
    "leaving",
    "linking",
    "merging",
    "reviewing",
    "signing_off",
    "splitting",
    "superiors",
    "supervision",
    "whistles",
]
