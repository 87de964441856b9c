"""Random keys of this installation, one owner-only file per purpose, old ones kept so that old rows stay readable."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gongzhi.installation.home import Home, home
from gongzhi.installation.keyfile import Key, locked, made, read, write
from gongzhi.installation.trouble import Trouble

PURPOSES = ("session", "contact", "index", "ledger", "webhook", "number", "database")
FIXED = ("number",)  # case numbers stay unique only while their key stays


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of one installation by purpose, newest first."""

    keys: Mapping[str, tuple[Key, ...]]

    def current(self, purpose: str) -> Key:
        """The key to write with."""
        return self.all(purpose)[0]

    def all(self, purpose: str) -> tuple[Key, ...]:
        """Every key of a purpose, newest first: to search blind indexes written under older keys."""
        if purpose not in self.keys:
            raise KeyError(f"no such key purpose: {purpose}")
        return self.keys[purpose]

    def get(self, purpose: str, key_id: str) -> Key:
        """The key a stored value names. Raises Trouble `keys.unknown` when this installation never had it."""
        for key in self.all(purpose):
            if hmac.compare_digest(key.id, key_id):
                return key
        raise Trouble(
            "keys.unknown",
            f"本机没有编号为 {key_id} 的 {purpose} 密钥。数据可能来自另一套安装，请从备份恢复 keys 目录。",
            f"No {purpose} key {key_id} here: the data may belong to another installation; restore its keys folder.",
        )


_rings: dict[Path, Keyring] = {}


def keyring(place: Home | None = None) -> Keyring:
    """The keys of this installation, made on first use and read once per process."""
    folder = (place or home()).keys
    if folder not in _rings:
        _rings[folder] = _load(place or home())
    return _rings[folder]


def session_secret() -> str:
    """Django's SECRET_KEY."""
    return keyring().current("session").secret.hex()


def session_fallbacks() -> list[str]:
    """Django's SECRET_KEY_FALLBACKS: sessions signed under older keys stay valid."""
    return [key.secret.hex() for key in keyring().all("session")[1:]]


def rotate(purpose: str, place: Home | None = None) -> Key:
    """Make a new current key; older ones stay readable. Raises Trouble for `number`, which must never change."""
    where = place or home()
    if purpose in FIXED:
        raise Trouble(
            "keys.fixed",
            f"{purpose} 密钥不可轮换：诉求编号的唯一性依赖于它。",
            f"The {purpose} key cannot be rotated: case numbers stay unique only while it stays.",
        )
    keyring(where)
    with locked(where):
        new = made(purpose)
        write(where.keys / f"{purpose}.json", (new, *read(where.keys / f"{purpose}.json", purpose)))
    forget()
    return new


def forget() -> None:
    """Read the files again next time (after rotation or restore)."""
    _rings.clear()


def _load(place: Home) -> Keyring:
    files = {purpose: place.keys / f"{purpose}.json" for purpose in PURPOSES}
    if not all(file.exists() for file in files.values()):
        place.prepare()
        with locked(place):
            for purpose, file in files.items():
                if not file.exists():
                    write(file, (made(purpose),))
    return Keyring({purpose: read(file, purpose) for purpose, file in files.items()})
