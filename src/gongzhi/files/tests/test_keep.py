"""What may be kept, what is turned away, and what is left behind."""

import io

import pytest
from PIL import Image

from gongzhi.access.actor import Actor
from gongzhi.acts import queries as acts
from gongzhi.files import actions, images, kinds, store
from gongzhi.files.models import File
from gongzhi.files.tests import samples
from gongzhi.installation.home import Home
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import Invalid

AT = clock.now()
ME = Actor(kind="account", id=ids.uuid7(AT))


def keep(data, name="IMG_0001.jpg", **more):
    more = {"purpose": "report", "visibility": "public", **more}
    return actions.keep(stream=io.BytesIO(data), name=name, by=ME, at=AT, **more)


def kept_bytes(file):
    with store.open_kept(file.sha256) as stream:
        return stream.read()


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (samples.image("JPEG"), "image/jpeg"),
        (samples.image("PNG"), "image/png"),
        (samples.image("WEBP"), "image/webp"),
        (samples.pdf(), "application/pdf"),
        (samples.mp4(), "video/mp4"),
        ("路灯不亮\r\n已三天".encode("gb18030"), "text/plain"),
    ],
)
def test_the_type_is_recognised_by_content_whatever_the_name_says(db, data, type_):
    file = keep(data, name="tax.exe")
    assert file.type == type_
    assert file.name == "tax" + kinds.TYPES[type_].suffix
    assert store.hash_of(store.path_of(file.sha256)) == (file.sha256, file.size_bytes)


def test_text_in_gb18030_is_kept_as_utf_8(db):
    assert kept_bytes(keep("路灯不亮\r\n已三天".encode("gb18030"))).decode() == "路灯不亮\n已三天"


def test_position_camera_and_comments_of_a_photo_stay_behind_and_it_stands_upright(db):
    file = keep(samples.photo_with_position())
    data = kept_bytes(file)
    assert b"SecretPhoneMaker" not in data
    assert b"13800138000" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert picture.size == (480, 640) == (file.width, file.height)


def test_what_is_hidden_behind_an_image_is_not_kept(db):
    data = kept_bytes(keep(samples.image() + samples.archive() + b"<script>alert(1)</script>"))
    assert b"PK\x03\x04" not in data
    assert b"<script" not in data


def test_big_photos_are_made_smaller_and_get_a_thumbnail(db):
    file = keep(samples.image(size=(4000, 3000)))
    assert (file.width, file.height) == (images.SIDE_MAX, 1920)
    with store.open_kept(file.thumbnail_sha256) as stream, Image.open(stream) as small:
        assert max(small.size) == images.THUMBNAIL_SIDE


def test_transparency_survives(db):
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(kept_bytes(keep(out.getvalue())))) as picture:
        assert picture.mode == "RGBA"


def test_a_video_loses_its_position_and_keeps_its_length(db):
    data = kept_bytes(keep(samples.mp4()))
    assert b"+28.2-112.9" not in data
    assert len(data) == len(samples.mp4())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "files.empty"),
        (samples.archive(), "files.zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "files.office"),
        (b"MZ\x90\x00" + bytes(600), "files.program"),
        (b"\x7fELF\x02" + bytes(600), "files.program"),
        (b"#!/bin/sh\nrm -rf /\n", "files.program"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "files.markup"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
            "files.markup",
        ),
        (b"\xef\xbb\xbf \n<html><script>alert(1)</script></html>", "files.markup"),
        ("<svg onload=alert(1)>".encode("utf-16"), "files.markup"),
        (b"<!-- x -->\n<script>alert(1)</script>", "files.markup"),
        (b"GIF89a" + bytes(100), "files.gif"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "files.heic"),
        (bytes(range(256)) * 20, "files.binary"),
        (b"text with a \x00 zero", "files.binary"),
        (samples.png_bomb(), "files.too_many_pixels"),
        (samples.png_bomb(4000), "files.damaged"),
        (samples.image()[:2000], "files.damaged"),
        (b"\xff\xd8\xff\xe0" + b"A" * 500, "files.damaged"),
        (b"%PDF-1.4 cut", "files.damaged"),
        (samples.pdf(extra=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "files.active_content"),
        (samples.pdf(extra=b"/Open#41ction << /S /Java#53cript >>"), "files.active_content"),
        (samples.pdf(extra=b"/AA << /S /Launch /F (cmd.exe) >>"), "files.active_content"),
        (samples.pdf(extra=b"/Names << /EmbeddedFiles 2 0 R >>"), "files.active_content"),
        (samples.pdf(tail=samples.archive() + b"%%EOF"), "files.polyglot"),
        (samples.mp4() + b"PK\x03\x04" + bytes(40), "files.damaged"),
        (samples.mp4() + samples.box(b"html", b"<script>"), "files.polyglot"),
        (samples.mp4()[:-7], "files.damaged"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_reason(db, data, code, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "home", lambda: Home(tmp_path))  # nobody else's uploads are under way there
    with pytest.raises(Invalid) as refusal:
        keep(data)
    assert refusal.value.code == code
    assert File.objects.count() == 0
    assert list(store.incoming().iterdir()) == []


def test_a_file_beyond_its_cap_is_refused_before_it_is_read_to_the_end(db):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"a" * size

    stream = Endless()
    with pytest.raises(Invalid) as refusal:
        actions.keep(stream=stream, name="x.txt", purpose="report", by=ME, at=AT)
    assert refusal.value.code == "files.too_big"
    assert stream.given < 3_000_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\boot.ini", "boot.jpg"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie_ x.jpg"),
        ("现场照片.jpg.exe", "现场照片_jpg.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ('<img src=x onerror="alert(1)">.png', "_img src=x onerror=_alert(1)_.jpg"),
        ("", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("好" * 400 + ".png", "好" * 100 + ".jpg"),
    ],
)
def test_names_are_made_harmless(db, name, shown):
    assert keep(samples.image(), name=name).name == shown


def test_equal_bytes_are_stored_once_and_each_keeping_is_an_act(db):
    first, second = keep(samples.pdf()), keep(samples.pdf())
    assert first.id != second.id
    assert first.sha256 == second.sha256
    (entry,) = acts.timeline("files.file", first.id)
    assert entry.verb == "files.keep"
    assert entry.payload["sha256"] == first.sha256
    assert "name" not in entry.payload


def test_an_unknown_purpose_is_refused(db):
    with pytest.raises(Invalid):
        keep(samples.pdf(), purpose="anything")
