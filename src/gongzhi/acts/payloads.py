"""A payload as canonical text, fast where C can do it and slow where only the exact rules will do.

msgspec writes the same bytes as `kernel.canonical` for text, whole numbers, true, false, null, UUIDs, and objects whose
keys are ASCII (tests hold the two side by side). Everything else — floats, instants, keys in other scripts, numbers
beyond 2**53 — goes the slow way, which also refuses what has no single form.
"""

import re
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from gongzhi.kernel import canonical

_KEPT = (datetime,)  # canonical.py has its own form of an instant
_LONG = re.compile(rb"\d{16}")
_fast = msgspec.json.Encoder(order="sorted")


def dump(instance: object) -> canonical.Encoded:
    """The payload as canonical JSON. Raises ValueError for what has no canonical form."""
    if _is_plain(instance):
        encoded = _fast.encode(instance)
        if _LONG.search(encoded) is None:
            return canonical.Encoded(encoded.decode())
    return canonical.dumps(msgspec.to_builtins(instance, builtin_types=_KEPT))


def _is_plain(instance: object) -> bool:
    kind: Any = type(instance)
    doubtful = _doubtful(kind)
    return doubtful is not None and all(_is_plain_value(getattr(instance, name)) for name in doubtful)


@cache
def _doubtful(cls: Any) -> tuple[str, ...] | None:
    """Fields whose type does not settle it, to be looked at one by one; None: never plain."""
    if not is_dataclass(cls):
        return None
    hints = get_type_hints(cls)
    names = [field.name for field in fields(cls)]
    if not all(name.isascii() for name in names):
        return None
    return tuple(name for name in names if not _settled(hints[name]))


def _settled(hint: Any) -> bool:
    if hint in (str, int, bool, NoneType, UUID, None):
        return True
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return all(map(_settled, arguments))
    if origin is Literal:
        return all(isinstance(value, str) for value in arguments)
    if origin in (tuple, list):
        return all(one is Ellipsis or _settled(one) for one in arguments)
    return _doubtful(hint) == ()


def _is_plain_value(value: Any) -> bool:
    kind = type(value)
    if kind in (str, int, bool, NoneType, UUID):
        return True
    if kind in (list, tuple):
        return all(map(_is_plain_value, value))
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain_value(one) for key, one in value.items())
    return False
