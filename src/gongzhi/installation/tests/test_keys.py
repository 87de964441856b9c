"""Keys are random, closed, named after themselves, and never silently replaced."""

import base64
import json
from collections.abc import Iterator

import pytest

from gongzhi.installation import handshake, keyfile, keys
from gongzhi.installation.home import Home, open_modes
from gongzhi.installation.tests.places import fresh_home
from gongzhi.installation.trouble import Trouble


@pytest.fixture
def home() -> Iterator[Home]:
    with fresh_home() as place:
        yield place
        keys.forget()


def _put(home: Home, purpose: str, secret: bytes, key_id: str | None = None) -> None:
    row = {
        "id": key_id or keyfile.key_id(purpose, secret),
        "made_at": "2026-01-01T00:00:00+00:00",
        "secret": base64.b64encode(secret).decode(),
    }
    (home.keys / f"{purpose}.json").write_text(json.dumps({"purpose": purpose, "keys": [row]}))
    keys.forget()


def test_the_first_use_makes_a_random_key_for_every_purpose_readable_by_us_alone(home: Home) -> None:
    ring = keys.keyring(home)
    secrets = {ring.current(purpose).secret for purpose in keys.PURPOSES}
    assert len(secrets) == len(keys.PURPOSES)
    assert {len(secret) for secret in secrets} == {32}
    assert [file.stat().st_mode & 0o777 for file in home.keys.glob("*.json")] == [0o600] * len(keys.PURPOSES)
    assert home.keys.stat().st_mode & 0o777 == 0o700
    assert open_modes(home) == []


def test_two_installations_share_no_key(home: Home) -> None:
    with fresh_home() as other:
        first, second = keys.keyring(home), keys.keyring(other)
        assert not {first.current(p).id for p in keys.PURPOSES} & {
            second.current(p).id for p in keys.PURPOSES
        }


def test_reading_again_gives_the_same_keys(home: Home) -> None:
    before = keys.keyring(home).current("contact")
    keys.forget()
    assert keys.keyring(home).current("contact") == before


def test_a_rotated_key_writes_and_the_old_one_still_reads(home: Home) -> None:
    old = keys.keyring(home).current("contact")
    new = keys.rotate("contact", home)
    ring = keys.keyring(home)
    assert ring.current("contact") == new != old
    assert ring.get("contact", old.id) == old
    assert [key.id for key in ring.all("contact")] == [new.id, old.id]


def test_the_number_key_refuses_rotation(home: Home) -> None:
    before = keys.keyring(home).current("number")
    with pytest.raises(Trouble, match="唯一"):
        keys.rotate("number", home)
    keys.forget()
    assert keys.keyring(home).current("number") == before


@pytest.mark.parametrize(
    "secret",
    [
        b"short",
        b"\0" * 32,
        b"\xff" * 32,
        b"change-me-change-me-change-me-123",
        bytes(range(32))[:32],
        b"\x80\x81" * 16,
    ],
    ids=["short", "zeros", "ones", "words", "counting", "two bytes"],
)
def test_a_short_known_or_simple_key_is_refused(home: Home, secret: bytes) -> None:
    keys.keyring(home)
    _put(home, "contact", secret)
    with pytest.raises(Trouble) as refused:
        keys.keyring(home)
    assert refused.value.code == "keys.wrong"
    assert str(home.keys / "contact.json") in refused.value.zh
    assert str(home.keys / "contact.json") in refused.value.en


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"purpose": "contact", "keys": []}', '{"purpose": "index"}', "密钥"]
)
def test_a_file_that_is_no_key_file_is_refused_and_left_alone(home: Home, content: str) -> None:
    keys.keyring(home)
    file = home.keys / "contact.json"
    file.write_text(content)
    keys.forget()
    with pytest.raises(Trouble, match=r"contact\.json"):
        keys.keyring(home)
    assert file.read_text() == content


def test_a_key_that_does_not_match_its_id_is_refused(home: Home) -> None:
    secret = keys.keyring(home).current("contact").secret
    _put(home, "contact", secret, key_id="0" * 12)
    with pytest.raises(Trouble, match="编号不符"):
        keys.keyring(home)


def test_a_file_of_another_purpose_is_refused(home: Home) -> None:
    keys.keyring(home)
    (home.keys / "contact.json").write_text((home.keys / "index.json").read_text())
    keys.forget()
    with pytest.raises(Trouble, match="用途不符"):
        keys.keyring(home)


def test_no_secret_appears_in_what_python_prints(home: Home) -> None:
    key = keys.keyring(home).current("contact")
    assert repr(key) == f"Key(contact:{key.id})"


def test_an_unknown_key_id_is_said_plainly(home: Home) -> None:
    with pytest.raises(Trouble, match="abc"):
        keys.keyring(home).get("contact", "abc")


def test_a_database_of_another_installation_is_noticed(home: Home) -> None:
    ring = keys.keyring(home)
    handshake.same_keys({}, ring)
    handshake.same_keys({"key_ids": json.dumps(sorted(handshake.key_ids(ring)))}, ring)
    with pytest.raises(Trouble, match="contact:feedfacecafe"):
        handshake.same_keys({"key_ids": '["contact:feedfacecafe"]'}, ring)
