"""Good and hostile files, made on the spot."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def image(form="JPEG", size=(640, 480), **options):
    picture = Image.new("RGB", size, (180, 40, 40))
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def photo_with_position():
    picture = Image.new("RGB", (640, 480), "green")
    exif = Image.Exif()
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x0112] = 6  # rotated
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 13.0, 40.0), 3: "E", 4: (112.0, 56.0, 20.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"call 13800138000")
    return out.getvalue()


def pdf(extra=b"", tail=b""):
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog "
        + extra
        + b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
        + tail
    )


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("../../etc/passwd", b"0" * 100_000)
    return out.getvalue()


def png_bomb(side=30_000):
    """A PNG that says side × side and holds almost nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def box(kind, body=b""):
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(secret=b"+28.2-112.9/"):
    moov = (
        box(b"mvhd", bytes(100)) + box(b"udta", box(b"\xa9xyz", secret)) + box(b"trak", box(b"meta", secret))
    )
    return box(b"ftyp", b"isom\x00\x00\x02\x00isom") + box(b"moov", moov) + box(b"mdat", b"\x01" * 500)
