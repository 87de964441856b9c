"""Bytes → text. Files of Chinese offices are UTF-8 or GBK; which one is found out by reading, not by guessing."""

import codecs
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from gongzhi.kernel.refusals import Invalid

CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 8 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HALF = re.compile("[\ud800-\udfff]")
_DAMAGE_MAX = 0.1  # replacement characters per other non-ASCII character in a damaged UTF-8 file


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, of a .gz unpacked. Raises Invalid when it cannot be read."""
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as stream:
            yield cast("BinaryIO", stream)
    except (OSError, EOFError) as error:
        raise Invalid("intake.unreadable_file", "文件 %(file)s 无法读取或已损坏。", file=path.name) from error


@contextmanager
def text(path: Path, encoding: str) -> Iterator[TextIO]:
    """Bytes that do not fit become half surrogates, by which the row they stand in is rejected later (`damaged`)."""
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    with opened(path) as stream:
        yield TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def damaged(text: str) -> bool:
    """Whether a text holds bytes that were no characters. U+FFFD that the source wrote itself is no damage of ours."""
    return not text.isascii() and _HALF.search(text) is not None


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 when every byte fits or nearly so, else GB 18030 (which contains GBK and GB 2312).

    Raises Invalid when neither fits.
    """
    with opened(path) as stream:
        head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if _fits(path, "utf-8") or _damaged_utf8(path):
        return "utf-8"
    if _fits(path, "gb18030"):
        return "gb18030"
    raise Invalid(
        "intake.unknown_encoding",
        "文件 %(file)s 既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8。",
        file=path.name,
    )


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with opened(path) as stream:
        try:
            while chunk := stream.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _damaged_utf8(path: Path) -> bool:
    with opened(path) as stream:
        sample = stream.read(_SAMPLE_BYTES).decode("utf-8", errors="replace")
    damaged = sample.count("\ufffd")
    other = sum(not letter.isascii() for letter in sample) - damaged
    return damaged <= other * _DAMAGE_MAX
