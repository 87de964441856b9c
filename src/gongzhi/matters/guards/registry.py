"""Guards by name."""

from collections.abc import Callable, Mapping

from gongzhi.catalogue.vocabulary import declare_guards
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters.situation import Situation

Form = Mapping[str, object]
Guard = Callable[[Situation, Form | None], Refusal | None]
GUARDS: dict[str, Guard] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a guard. Raises ValueError for a name that is taken."""

    def register(function: Guard) -> Guard:
        if name in GUARDS:
            raise ValueError(f"guard {name} exists already")
        GUARDS[name] = function
        declare_guards(name)
        return function

    return register
