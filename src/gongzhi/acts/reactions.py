"""What rooms do about others' acts: after commit, in the one order, at least once.

A room writes them in its own reactions.py, imported by its AppConfig.ready:

    @reaction("notices.reporter", verbs=("matters.",))
    def tell_the_reporters(acts: Sequence[Sequenced]) -> None: ...

It gets the acts it wants in order, as many as there are now, so that it can read and write for all of them at once.
Each call runs in a transaction together with its cursor, so its own rows are written once; what it does outside the
database may happen again and must be idempotent by act id. When a call fails the acts come one by one; an act that
fails alone becomes a dead letter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from gongzhi.acts.drafts import Sequenced

React = Callable[[Sequence[Sequenced]], None]


@dataclass(frozen=True, slots=True)
class Reaction:
    """verbs: exact ("matters.open") or a prefix ending with a dot ("matters."); () means every act."""

    name: str
    verbs: tuple[str, ...]
    react: React

    def wants(self, verb: str) -> bool:
        return not self.verbs or any(
            verb.startswith(wanted) if wanted.endswith(".") else verb == wanted for wanted in self.verbs
        )


_reactions: dict[str, Reaction] = {}


def each(one: Callable[[Sequenced], None]) -> React:
    """A reaction that has nothing to gain from seeing several acts at once."""

    @wraps(one)
    def react(acts: Sequence[Sequenced]) -> None:
        for act in acts:
            one(act)

    return react


def reaction(name: str, *, verbs: tuple[str, ...] = ()) -> Callable[[React], React]:
    """Register a reaction. name: stable, "room.what"; it names the cursor. Raises ValueError when taken.

    A new reaction starts at position 0: it sees history too and must be harmless there.
    """

    def register(react: React) -> React:
        taken = _reactions.get(name)
        if taken is not None and taken.react.__qualname__ != react.__qualname__:
            raise ValueError(f"reaction {name} exists already")
        _reactions[name] = Reaction(name, verbs, react)
        return react

    return register


def registered() -> Mapping[str, Reaction]:
    """Every reaction known to this process, by name."""
    return _reactions
