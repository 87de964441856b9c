"""The file of one purpose's keys: written whole or not at all, refused when it is not what it claims to be."""

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongzhi.installation.home import Home, not_writable
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

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


def key_id(purpose: str, secret: bytes) -> str:
    """Short public name of a key, derived from it."""
    return hashlib.sha256(b"gongzhi key id\0" + purpose.encode() + b"\0" + secret).hexdigest()[:12]


def made(purpose: str) -> Key:
    """A new random key."""
    secret = secrets.token_bytes(KEY_BYTES)
    while _too_simple(secret):
        secret = secrets.token_bytes(KEY_BYTES)
    return Key(key_id(purpose, secret), purpose, secret, clock.now())


@contextmanager
def locked(place: Home) -> Iterator[None]:
    """One process at a time makes or rotates keys."""
    try:
        descriptor = os.open(place.keys / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise not_writable(place.keys, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write(file: Path, keys: tuple[Key, ...]) -> None:
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


def read(file: Path, purpose: str) -> tuple[Key, ...]:
    """Raises Trouble `keys.wrong` for a file that is damaged, short, too simple or of another purpose."""
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
