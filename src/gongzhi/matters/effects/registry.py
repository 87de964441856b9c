"""Effects by name, and which kind of fact each leaves behind."""

from collections.abc import Callable

from gongzhi.catalogue.vocabulary import declare_effects
from gongzhi.matters.effects.step import Step
from gongzhi.matters.facts import KIND_OF_EFFECT

Effect = Callable[[Step], None]
EFFECTS: dict[str, Effect] = {}
declare_effects("open")  # is not performed on a matter: it makes one (births)


def effect(name: str, *, leaves: str = "") -> Callable[[Effect], Effect]:
    """Register an effect. leaves: the kind of its fact; that is how "another person than who answered" is known.

    Raises ValueError for a name that is taken.
    """

    def register(function: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"effect {name} exists already")
        EFFECTS[name] = function
        if leaves:
            KIND_OF_EFFECT[name] = leaves
        declare_effects(name)
        return function

    return register
