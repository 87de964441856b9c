"""Typed payloads of acts: what each room says when it did something. Past tense, versioned, read for ever.

A room writes frozen dataclasses in its own events.py:

    @event("matters.opened", version=1)
    @dataclass(frozen=True, slots=True)
    class Opened: ...

To change one: raise the version and give an upcaster from the version before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any, TypeVar

import msgspec

from gongzhi.acts import payloads
from gongzhi.kernel import canonical

T = TypeVar("T")
Payload = dict[str, Any]
Class = type[Any]
Upcast = Callable[[Payload], Payload]


@dataclass(frozen=True, slots=True)
class Registered:
    """type: "room.past_tense"; upcasters[n] turns a payload of version n into version n + 1."""

    type: str
    version: int
    cls: Class
    upcasters: Mapping[int, Upcast]


_by_type: dict[str, Registered] = {}
_by_class: dict[Class, Registered] = {}


def event(
    type_: str, *, version: int, upcasters: Mapping[int, Upcast] | None = None
) -> Callable[[type[T]], type[T]]:
    """Register a frozen dataclass as the present version of an event type.

    Raises ValueError when the type is taken, the class is not a dataclass, or an upcaster is missing.
    """

    def register(cls: type[T]) -> type[T]:
        given = dict(upcasters or {})
        taken = _by_type.get(type_)
        if taken is not None and taken.cls.__qualname__ != cls.__qualname__:
            raise ValueError(f"event {type_} is already {taken.cls.__qualname__}")
        if not is_dataclass(cls):
            raise ValueError(f"{cls.__name__} is not a dataclass")
        if set(given) != set(range(1, version)):
            raise ValueError(f"event {type_}@{version} needs upcasters from versions 1 to {version - 1}")
        _by_type[type_] = _by_class[cls] = Registered(type_, version, cls, given)
        return cls

    return register


def registered() -> Mapping[str, Registered]:
    """Every event type known to this process."""
    return _by_type


def of(instance: object) -> Registered:
    """Raises TypeError for an object whose class was never registered."""
    try:
        return _by_class[type(instance)]
    except KeyError:
        raise TypeError(f"{type(instance).__name__} is not an @event") from None


def dump(instance: object) -> canonical.Encoded:
    """The payload as canonical JSON."""
    return payloads.dump(instance)


def values(type_: str, version: int, payload: str) -> Payload:
    """The payload in the shape of the present version. A type this process does not know stays as it was written.

    Raises ValueError for a version newer than ours: a newer release wrote it.
    """
    found: Payload = msgspec.json.decode(str(payload))
    known = _by_type.get(type_)
    if known is None:
        return found
    if version > known.version:
        raise ValueError(f"event {type_}@{version} was written by a newer release")
    for step in range(version, known.version):
        found = known.upcasters[step](found)
    return found


def load(type_: str, version: int, payload: str) -> object:
    """The event as its present class; a plain dict for a type this process does not know.

    Raises ValueError (msgspec.ValidationError included) for a payload that does not fit.
    """
    found = values(type_, version, payload)
    known = _by_type.get(type_)
    return found if known is None else msgspec.convert(found, known.cls, strict=False)
