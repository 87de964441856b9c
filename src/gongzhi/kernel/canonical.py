"""One value, one sequence of bytes: JSON Canonicalization Scheme (RFC 8785), behind a version byte.

Seals and receipts are computed over these bytes. A change here breaks every receipt ever given out, so the encoding
only ever gains a new version byte; tests/test_canonical.py holds golden vectors of each.
"""

import json.encoder
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

VERSION = 1
_EXACT = 2**53 - 1
_quote = json.encoder.encode_basestring  # escapes exactly what RFC 8785 §3.2.2.2 escapes


class Encoded(str):
    """Text that is canonical JSON already and is taken over as it stands."""

    __slots__ = ()


def encode(value: Any) -> bytes:
    """Version byte, then the canonical JSON of `value` in UTF-8."""
    return bytes((VERSION,)) + dumps(value).encode()


def dumps(value: Any) -> Encoded:
    """Canonical JSON text without the version byte.

    Takes None, bool, int, float, str, UUID, date, aware datetime (UTC, six digits), str- and int-enums, mappings with
    text keys and sequences. Raises ValueError for what has no single form: NaN, naive datetimes, lone surrogates,
    integers beyond 2**53 - 1 (send those as text), bytes, sets.
    """
    text = _text(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a lone surrogate has no canonical form") from error
    return Encoded(text)


def loads(data: bytes) -> Any:
    """The value behind `encode`. Raises ValueError for an unknown version."""
    if data[:1] != bytes((VERSION,)):
        raise ValueError(f"unknown canonical version {data[:1].hex() or 'none'}")
    return json.loads(data[1:], parse_int=_parsed)


def _parsed(digits: str) -> int | float:
    """Beyond 2**53 - 1 only a float can have printed these digits."""
    exact = int(digits)
    return exact if -_EXACT <= exact <= _EXACT else float(exact)


def instant(at: datetime) -> str:
    """The one text form of an instant: 2026-11-22T13:54:06.120000Z. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at.year >= 1000 else _early(at)


def _early(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(value: Any) -> str:
    if isinstance(value, Encoded):
        return value
    if isinstance(value, Enum):
        return _text(value.value)
    if isinstance(value, str):
        return _quote(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return number(value)
    return _compound(value)


def _compound(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_quote(key)}:{_text(value[key])}" for key in _ordered(value)) + "}"
    if isinstance(value, datetime):
        return _quote(instant(value))
    if isinstance(value, UUID):
        return f'"{value}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return "[" + ",".join(map(_text, value)) + "]"
    raise ValueError(f"{type(value).__name__} has no canonical form")


def _ordered(value: Mapping[Any, Any]) -> list[str]:
    """Keys in UTF-16 order, as RFC 8785 §3.2.3 demands (differs from code points beyond U+FFFF)."""
    keys = list(value)
    if not all(isinstance(key, str) for key in keys):
        raise ValueError("only text keys have a canonical form")
    if all(key.isascii() for key in keys):
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _integer(value: int) -> str:
    if not -_EXACT <= value <= _EXACT:
        raise ValueError("an integer beyond 2**53 - 1 has no canonical form: send it as text")
    return str(int(value))


def number(value: float) -> str:
    """A finite float as ECMAScript prints it (RFC 8785 §3.2.2.3). Raises ValueError for NaN and infinities."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("NaN and infinities have no canonical form")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)  # the value is 0.DIGITS * 10**point
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    return sign + _layout(digits.rstrip("0"), point)


def _layout(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    body = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{body}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"
