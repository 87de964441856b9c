"""What one look at a page asks many times and may ask once: which edition of something is in force.

Only where a scope is open: the web process opens one for each request that changes nothing, the lane one for a second.
Elsewhere every question is asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_known: ContextVar[dict[str, Any] | None] = ContextVar("known", default=None)


@contextmanager
def asking_once(known: dict[str, Any] | None = None) -> Iterator[None]:
    """Inside, an answer given holds to the end. known: answers to go on with, and to add to."""
    before = _known.set({} if known is None else known)
    try:
        yield
    finally:
        _known.reset(before)


def once(name: str, ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`, given before in this scope or asked now."""
    known = _known.get()
    if known is None:
        return ask()
    if name not in known:
        known[name] = ask()
    answer: Answer = known[name]
    return answer
