"""The fast writer and the exact one write the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.acts import payloads
from gongzhi.kernel import canonical


@dataclass(frozen=True, slots=True)
class Inner:
    zeta: str
    alpha: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    number: str
    id: UUID | None = None
    inner: Inner | None = None
    flags: tuple[bool, ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["a", "b"] = "a"
    count: int = 0


def exact(instance):
    return canonical.dumps(msgspec.to_builtins(instance, builtin_types=(datetime,)))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        texts,
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@given(
    st.builds(
        Said,
        number=texts,
        id=st.one_of(st.none(), st.uuids()),
        inner=st.one_of(st.none(), st.builds(Inner, zeta=texts, alpha=st.integers(-5, 2**53 - 1))),
        flags=st.lists(st.booleans(), max_size=3).map(tuple),
        form=st.dictionaries(texts, values, max_size=4),
        count=st.integers(-(2**53) + 1, 2**53 - 1),
    )
)
def test_both_write_the_same(said):
    assert payloads.dump(said) == exact(said)


@pytest.mark.parametrize(
    "form",
    [
        {"f": 1.0},
        {"f": 1e21},
        {"at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"\U0001f600": 1, "\uffff": 2},
        {"id": uuid4(), "deep": {"键": [1, {"b": 2, "a": 1}]}},
        {"text": '\x00\x1f\x7f\u2028"\\/<>&'},
    ],
)
def test_what_is_hard_goes_the_exact_way(form):
    assert payloads.dump(Said("n", form=form)) == exact(Said("n", form=form))


@pytest.mark.parametrize("form", [{"n": 2**53}, {"f": float("nan")}, {"t": "\ud800"}])
def test_what_has_no_single_form_is_refused(form):
    with pytest.raises((ValueError, TypeError)):
        payloads.dump(Said("n", form=form))
    with pytest.raises((ValueError, TypeError)):
        exact(Said("n", form=form))
