"""Canonical encoding: golden vectors. Changing one of these breaks every receipt ever given out."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import canonical

GOLDEN = [
    (None, b"\x01null"),
    ({"b": 1, "a": [True, False, None]}, b'\x01{"a":[true,false,null],"b":1}'),
    ('路灯不亮\n"\\/\x01\x7f', '\x01"路灯不亮\\n\\"\\\\/\\u0001\x7f"'.encode()),
    (
        datetime(2026, 11, 22, 21, 54, 6, 123, tzinfo=timezone(timedelta(hours=8))),
        b'\x01"2026-11-22T13:54:06.000123Z"',
    ),
    (datetime(26, 1, 1, tzinfo=UTC), b'\x01"0026-01-01T00:00:00.000000Z"'),
    (date(2026, 2, 17), b'\x01"2026-02-17"'),
    (UUID("01a20547-62cf-7553-a304-484ed0059a04"), b'\x01"01a20547-62cf-7553-a304-484ed0059a04"'),
    ({"\U0001f600": 1, "\ue000": 2, "é": 3}, '\x01{"é":3,"\U0001f600":1,"\ue000":2}'.encode()),
    (
        [112.98, 1.0, -0.0, 1e21, 1e-7, 1e-6, 5e-324, 9007199254740991],
        b"\x01[112.98,1,0,1e+21,1e-7,0.000001,5e-324,9007199254740991]",
    ),
    ((), b"\x01[]"),
]
# RFC 8785 appendix B
NUMBERS = {
    "0000000000000001": "5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("value", "encoded"), GOLDEN)
def test_golden_vectors_stay_as_they_are(value, encoded):
    assert canonical.encode(value) == encoded


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_printed_as_the_rfc_prints_them(bits, text):
    import struct

    assert canonical.number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        datetime(2026, 1, 1),  # noqa: DTZ001
        b"x",
        {1},
        {1: 2},
        "\ud800",
        {"a": object()},
    ],
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(ValueError):
        canonical.encode(value)


simple = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(simple, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(values)
def test_any_value_survives_and_encodes_the_same_again(value):
    encoded = canonical.encode(value)
    assert canonical.encode(canonical.loads(encoded)) == encoded
    assert canonical.loads(encoded) == value


def test_text_that_is_canonical_already_is_taken_over():
    inner = canonical.dumps({"b": 1, "a": 2})
    assert canonical.dumps({"said": inner}) == '{"said":{"a":2,"b":1}}'


def test_an_unknown_version_is_refused():
    with pytest.raises(ValueError, match="unknown canonical version"):
        canonical.loads(b"\x02null")
