"""Encryption at rest: bound to its place and key; blind indexes find equals and nothing else."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import crypto
from gongzhi.kernel.crypto import Unreadable


@dataclass(frozen=True)
class Key:
    id: str
    secret: bytes


OLD, NEW = Key("00112233aabb", bytes(range(32))), Key("ffeeddccbbaa", bytes(range(1, 33)))
RING = {key.id: key for key in (OLD, NEW)}
HERE = crypto.place("parties_contact", "value", 7)


@pytest.mark.parametrize("suite", sorted(crypto.suites()))
def test_a_value_opens_with_the_key_it_names_in_its_own_place_only(suite):
    blob = crypto.encrypt(b"13800138000", key=OLD, aad=HERE, suite=suite)
    assert crypto.decrypt(blob, key_of=RING.__getitem__, aad=HERE) == b"13800138000"
    assert crypto.key_id(blob) == OLD.id
    for elsewhere in (
        crypto.place("parties_contact", "value", 8),
        crypto.place("parties_contactvalue", "", 7),
        b"",
    ):
        with pytest.raises(Unreadable):
            crypto.decrypt(blob, key_of=RING.__getitem__, aad=elsewhere)
    with pytest.raises(Unreadable):
        crypto.decrypt(blob, key_of=lambda _: NEW, aad=HERE)


@pytest.mark.parametrize("suite", sorted(crypto.suites()))
def test_every_changed_byte_is_noticed(suite):
    blob = crypto.encrypt(b"secret", key=OLD, aad=HERE, suite=suite)
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1
        with pytest.raises((Unreadable, KeyError)):
            crypto.decrypt(bytes(changed), key_of=RING.__getitem__, aad=HERE)
    for cut in range(len(blob)):
        with pytest.raises(Unreadable):
            crypto.decrypt(blob[:cut], key_of=lambda _: OLD, aad=HERE)


def test_the_same_value_never_looks_the_same_twice():
    assert len({crypto.encrypt(b"x", key=OLD, aad=HERE) for _ in range(50)}) == 50


def test_a_stored_blob_of_the_first_release_still_opens():
    blob = bytes.fromhex("010100112233aabb") + bytes(12) + bytes.fromhex(GOLDEN_BODY)
    assert crypto.decrypt(blob, key_of=RING.__getitem__, aad=HERE) == "岳麓".encode()


GOLDEN_BODY = "eb0e06370fbfe4bcb9a379479eff23710e56360b9f82"


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("１３８ 0013-8000", "13800138000"),
        (" Li Ming ", "li  ming"),
        ("+86 138", "+86138"),
        ("ABC@x.CN", "abc@X.cn"),
    ],
)
def test_values_are_normalised_before_they_are_hashed(one, same):
    assert crypto.blind_index(one, key=OLD, purpose="p") == crypto.blind_index(same, key=OLD, purpose="p")


def test_an_index_differs_by_key_and_by_field():
    found = {
        crypto.blind_index("1", key=key, purpose=purpose) for key in (OLD, NEW) for purpose in ("a", "b")
    }
    assert len(found) == 4


@given(st.binary(max_size=200))
def test_any_bytes_survive(plain):
    assert (
        crypto.decrypt(crypto.encrypt(plain, key=NEW, aad=HERE), key_of=RING.__getitem__, aad=HERE) == plain
    )
