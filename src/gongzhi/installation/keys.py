"""Random keys of this installation, one owner-only file per purpose, old ones kept so that old rows stay readable."""

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongzhi.installation.home import Home, home, not_writable
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

PURPOSES = ("session", "contact", "index", "ledger", "webhook", "number", "database")
FIXED = ("number",)  # case numbers stay unique only while their key stays
KEY_BYTES = 32
_DISTINCT_BYTES_MIN = 12  # 32 random bytes have fewer about once in 10^17


@dataclass(frozen=True, slots=True)
class Key:
    """One secret of 32 bytes. `id` is derived from it, so a damaged or swapped file is noticed."""

    id: str
    purpose: str
    secret: bytes
    made_at: datetime

    def __repr__(self) -> str:
        return f"Key({self.purpose}:{self.id})"


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
    return base64.urlsafe_b64encode(keyring().current("session").secret).decode()


def rotate(purpose: str, place: Home | None = None) -> Key:
    """Make a new current key; older ones stay readable. Raises Trouble for `number`, which must never change."""
    where = place or home()
    if purpose in FIXED:
        raise Trouble(
            "keys.fixed",
            f"{purpose} 密钥不可轮换：诉求编号的唯一性依赖于它。",
            f"The {purpose} key cannot be rotated: case numbers stay unique only while it stays.",
        )
    with _locked(where):
        new = _made(purpose)
        _write(where.keys / f"{purpose}.json", (new, *_read(where.keys / f"{purpose}.json", purpose)))
    forget()
    return new


def forget() -> None:
    """Read the files again next time (after rotation or restore)."""
    _rings.clear()


def key_id(purpose: str, secret: bytes) -> str:
    return hashlib.sha256(b"gongzhi key id\0" + purpose.encode() + b"\0" + secret).hexdigest()[:12]


def _load(place: Home) -> Keyring:
    files = {purpose: place.keys / f"{purpose}.json" for purpose in PURPOSES}
    if not all(file.exists() for file in files.values()):
        place.prepare()
        with _locked(place):
            for purpose, file in files.items():
                if not file.exists():
                    _write(file, (_made(purpose),))
    return Keyring({purpose: _read(file, purpose) for purpose, file in files.items()})


def _made(purpose: str) -> Key:
    secret = secrets.token_bytes(KEY_BYTES)
    while _too_simple(secret):
        secret = secrets.token_bytes(KEY_BYTES)
    return Key(key_id(purpose, secret), purpose, secret, clock.now())


@contextmanager
def _locked(place: Home) -> Iterator[None]:
    try:
        descriptor = os.open(place.keys / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise not_writable(place.keys, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(file: Path, keys: tuple[Key, ...]) -> None:
    """Atomically: a crash leaves the old file or the new one, never half of one."""
    rows = [
        {"id": k.id, "made_at": k.made_at.isoformat(), "secret": base64.b64encode(k.secret).decode()}
        for k in keys
    ]
    fresh = file.with_suffix(".new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            json.dump({"purpose": keys[0].purpose, "keys": rows}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError as error:
        raise not_writable(file, error) from error


def _read(file: Path, purpose: str) -> tuple[Key, ...]:
    try:
        content = json.loads(file.read_text())
        keys = tuple(
            Key(
                row["id"],
                purpose,
                base64.b64decode(row["secret"], validate=True),
                datetime.fromisoformat(row["made_at"]),
            )
            for row in content["keys"]
        )
    except PermissionError as error:
        raise _refused(file, "没有读取权限", "it may not be read by this user") from error
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise _refused(file, "内容无法识别", "its content is not a key file") from error
    if content.get("purpose") != purpose or not keys:
        raise _refused(file, "用途不符", "it belongs to another purpose")
    for key in keys:
        _judge(file, key)
    return keys


def _too_simple(secret: bytes) -> bool:
    return len(set(secret)) < _DISTINCT_BYTES_MIN or secret.isascii()


def _judge(file: Path, key: Key) -> None:
    if len(key.secret) != KEY_BYTES:
        raise _refused(file, f"密钥长度不是 {KEY_BYTES} 字节", f"a key is not {KEY_BYTES} bytes long")
    if _too_simple(key.secret):
        raise _refused(
            file, "密钥不是随机数（众所周知或过于简单）", "a key is not random (well known or too simple)"
        )
    if not hmac.compare_digest(key.id, key_id(key.purpose, key.secret)):
        raise _refused(
            file, "密钥与其编号不符（文件被改动或损坏）", "a key does not match its id (changed or damaged)"
        )


def _refused(file: Path, zh: str, en: str) -> Trouble:
    return Trouble(
        "keys.wrong",
        f"密钥文件 {file} 不可用：{zh}。请从备份恢复该文件；切勿删除，否则加密的联系方式将无法读取。",
        f"Key file {file} is refused: {en}. Restore it from a backup; deleting it makes encrypted contacts unreadable.",
    )
