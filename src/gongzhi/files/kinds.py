"""Which types are taken, how big they may be, and how a type is recognised by its first bytes. Pure."""

from dataclasses import dataclass
from types import MappingProxyType

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FileType:
    """code: media type stored and served; suffix: given to downloads; bytes_max: cap for what arrives."""

    code: str
    suffix: str
    bytes_max: int
    image: bool = False


TYPES = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            FileType("image/jpeg", ".jpg", 20 * MEGABYTE, image=True),
            FileType("image/png", ".png", 20 * MEGABYTE, image=True),
            FileType("image/webp", ".webp", 20 * MEGABYTE, image=True),
            FileType("application/pdf", ".pdf", 20 * MEGABYTE),
            FileType("video/mp4", ".mp4", 100 * MEGABYTE),
            FileType("text/plain", ".txt", MEGABYTE),
        )
    }
)
BYTES_MAX = max(kind.bytes_max for kind in TYPES.values())
HEAD_BYTES = 4096

_MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"dash",
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# Types we can name but do not take: a clear word is better than "unknown".
_REFUSED = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "zip"),
    (b"Rar!", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"BZh", "zip"),
    (b"\xfd7zXZ", "zip"),
    (b"\x28\xb5\x2f\xfd", "zip"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"GIF8", "gif"),
)
_MARKUP = (b"<svg", b"<html", b"<!doctype", b"<?xml", b"<script", b"<head", b"<body", b"<?php")


def recognised(head: bytes) -> str:
    """The media type of these first bytes when it is one we take, else "" (ask `why_not`)."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return "video/mp4"
    return "" if why_not(head) else "text/plain"


def why_not(head: bytes) -> str:
    """Why these bytes are not taken: empty, zip, office, program, gif, heic, markup, binary — or "" for text."""
    if not head:
        return "empty"
    for magic, reason in _REFUSED:
        if head.startswith(magic):
            return reason
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIF_BRANDS else "binary"
    if is_markup(head):
        return "markup"
    return "" if is_text(head, whole=len(head) < HEAD_BYTES) else "binary"


def is_markup(head: bytes) -> bool:
    """Whether a browser might take these bytes for a page or a drawing, whatever the name says."""
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith(b"<") and (start.startswith(_MARKUP) or any(tag in start for tag in _MARKUP))


def is_text(head: bytes, *, whole: bool) -> bool:
    """Whether this is UTF-8 or GB 18030 text without control characters; a cut last character is forgiven."""
    if any(byte < 32 and byte not in (9, 10, 13) for byte in head) or 127 in head:
        return False
    return bool(encoding_of(head if whole else head[:-4])) or bool(encoding_of(head))


def encoding_of(data: bytes) -> str:
    """ "utf-8-sig", "gb18030" or "" when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return encoding
    return ""
