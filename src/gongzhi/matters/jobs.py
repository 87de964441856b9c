"""What the worker's loops call, again and again: thin."""

from collections.abc import Callable
from datetime import datetime

from gongzhi.matters import map, searching
from gongzhi.matters.actions.escalating import due_escalations

_ROUNDS_MAX = 20  # then the loop's own pause lets others run


def escalate(*, at: datetime) -> int:
    """Take every due step of every ladder."""
    return _until_done(lambda: due_escalations(at=at))


def fold_map(*, at: datetime) -> int:
    """Fold appended changes of the map into its counts."""
    return _until_done(map.fold)


def index_words(*, at: datetime) -> int:
    """Index the words of new matters."""
    return _until_done(searching.index_words)


def _until_done(step: Callable[[], int]) -> int:
    total = 0
    for _ in range(_ROUNDS_MAX):
        done = step()
        total += done
        if not done:
            break
    return total
