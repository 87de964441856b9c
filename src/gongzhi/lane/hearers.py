"""One listener and those with the same rights."""

from dataclasses import dataclass, field
from typing import Literal

from gongzhi.access.actor import Actor
from gongzhi.matters.queries import Filters

EVERYTHING, PLAIN = "all", Filters()
_ASKING_MS = 25  # what one screen's question costs; many questions are spread over as many times that
_ASKING_MS_MAX = 20_000
Wants = Literal["list", "case", "all"]


@dataclass(eq=False, slots=True)
class Hearer:
    """One listener. wants: list (what enters, changes or leaves `queue`, with its line; counts) · case (only what is on
    its screen) · all (bare news of everything it may see).

    filters: further conditions of the list. case: the number that is open. seen, told: what is on its screen because it
    was there, or because it was told; so it hears when one of them leaves its list or its sight.
    """

    actor: Actor
    language: str = "zh-hans"
    wants: Wants = "all"
    queue: str = EVERYTHING
    filters: Filters = PLAIN
    case: str = ""
    seen: set[str] = field(default_factory=set)
    told: dict[str, None] = field(default_factory=dict)

    def asks_about(self, number: str) -> bool:
        """Whether its screen asks for more when this matter changes."""
        return self.wants == "all" or self.case == number


@dataclass(eq=False, slots=True)
class Group:
    """Hearers with the same rights."""

    actor: Actor
    hearers: set[Hearer] = field(default_factory=set)
    lists: int = 0


Offer = tuple[Hearer, bytes]


def spread_ms(screens: int) -> int:
    """Over how long so many questions are spread."""
    return min(_ASKING_MS_MAX, _ASKING_MS * max(0, screens - 1))
