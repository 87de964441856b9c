"""What one look at a page asks many times and may ask once: which edition of something is in force.

Only where a scope is open, which the web process does for requests that change nothing. Elsewhere every question is asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_known: ContextVar[dict[str, Any] | None] = ContextVar("known", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Inside, an answer given holds to the end."""
    before = _known.set({})
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
