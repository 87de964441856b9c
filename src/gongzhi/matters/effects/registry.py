"""Effects by name."""

from collections.abc import Callable

from gongzhi.matters.effects.step import Step

Effect = Callable[[Step], None]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect. Raises ValueError for a name that is taken."""

    def register(function: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"effect {name} exists already")
        EFFECTS[name] = function
        return function

    return register
