"""PDF, MP4 and text: checked for passengers and active content; videos lose their position, text becomes UTF-8."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gongzhi.files import refusing
from gongzhi.files.kinds import encoding_of, is_markup, is_text

_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?=[\s/<>\[\]()]|$)"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ZIP_END = b"PK\x05\x06"
_TAIL = 70_000  # a zip directory ends within 65,557 bytes of the end of its file

_BOXES = frozenset(
    b"ftyp moov mdat free skip wide moof mfra sidx styp pdin meta udta uuid emsg ssix prft".split()
)
_PRIVATE_BOXES = frozenset((b"udta", b"meta", b"uuid"))
_PARENTS = frozenset((b"moov", b"trak"))


def check_pdf(source: Path) -> None:
    """Raises Invalid for a cut PDF, one that is also a zip, and one with scripts, attachments or launch actions.

    Names may hide in compressed object streams: files are therefore also served as downloads under a strict policy.
    """
    data = source.read_bytes()
    if b"%%EOF" not in data[-2048:]:
        raise refusing.damaged()
    if _ZIP_END in data[-_TAIL:]:
        raise refusing.polyglot()
    bare = _ESCAPED.sub(lambda m: bytes((int(m[1], 16),)), _STREAM.sub(b" ", data))
    if _ACTIVE.search(bare):
        raise refusing.active()


def clean_mp4(path: Path) -> None:
    """Blank, in place, every box that can carry position or camera data. Raises Invalid unless boxes tile the file."""
    size = path.stat().st_size
    with path.open("rb+") as stream:
        top = list(_boxes(stream, 0, size))
        if not {b"ftyp", b"moov"} <= {kind for kind, _, _, _ in top} or any(k not in _BOXES for k, *_ in top):
            raise refusing.polyglot() if top else refusing.damaged()
        _blank(stream, 0, size)


def _blank(stream: BinaryIO, start: int, end: int) -> None:
    for kind, at, body, stop in list(_boxes(stream, start, end)):
        if kind in _PARENTS:
            _blank(stream, body, stop)
        elif kind in _PRIVATE_BOXES or kind in (b"free", b"skip"):
            stream.seek(at + 4)
            stream.write(b"free")
            stream.seek(body)
            for offset in range(body, stop, 1 << 20):
                stream.write(bytes(min(1 << 20, stop - offset)))


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(kind, start, body start, end) of each box; raises Invalid when they do not fill the range exactly."""
    at = start
    while at < end:
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            raise refusing.damaged()
        length, kind = struct.unpack(">I4s", head[:8])
        body = at + 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack(">Q", head[8:])
            body = at + 16
        elif length == 0:
            length = end - at
        if length < body - at or at + length > end:
            raise refusing.damaged()
        yield kind, at, body, at + length
        at += length


def clean_text(path: Path) -> None:
    """Rewrite as UTF-8 with \\n lines. Raises Invalid for markup, control characters and other encodings."""
    data = path.read_bytes()
    if is_markup(data):
        raise refusing.not_taken("markup")
    encoding = encoding_of(data)
    if not is_text(data, whole=True) or not encoding:
        raise refusing.not_taken("binary")
    text = data.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    path.write_bytes(text.encode("utf-8", errors="replace"))
