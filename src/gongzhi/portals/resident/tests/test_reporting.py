"""Saying what is wrong: without an account, once, with everything kept when something has to be put right."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongzhi.files.models import File
from gongzhi.files.tests.samples import photo_with_position
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Person
from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.people import PHONE, matter, resident, sent, visitor, words, written
from gongzhi.web.tests.people import signed_in


def photo(name: str = "灯.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        name, photo_with_position() if content is None else content, content_type="image/jpeg"
    )


def test_a_visitor_reports_and_reads_who_by_when_and_how_to_follow(world: World) -> None:
    client = visitor()
    number, code = sent(client, photos=[photo()])
    page = words(client.get("/report/sent/"))
    assert f"{number[:5]}-{number[5:]}" in page
    assert code in page
    assert "受理，多半由市政设施所负责。" in page
    assert matter(number).area_path.startswith("990101/990101001/")
    story = client.get(f"/matters/{number}/")
    assert "我们已收到您的诉求" in words(story)
    assert "小区门口路灯不亮三天了" in words(story)
    assert f"/matters/{number}/files/" in story.content.decode()


def test_a_photo_sent_is_a_photo_seen_and_by_nobody_else(world: World) -> None:
    client = visitor()
    number, _ = sent(client, photos=[photo()])
    address = f"/matters/{number}/files/{File.objects.get().id}/"
    assert client.get(address).status_code == 200
    assert visitor().get(address).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("text", "", "请写明要反映的问题"),
        ("text", "路灯\x00不亮", "控制字符"),
        ("text", "字" * 10_001, "最多10000个字"),
        ("address", "路" * 301, "最多300个字"),
        ("lon", "东边", "此处应填写数字"),
        ("lon", "", "经度和纬度应同时填写"),
        ("lat", "91", "经纬度超出范围"),
        ("phone", "不是号码", "号码"),
        ("name", "名" * 101, "最多"),
        ("category", "没有这个", "类别"),
        ("category", "9" * 81, "最多80"),
    ],
)
def test_a_wrong_field_says_why_and_nothing_written_is_lost(
    world: World, field: str, value: str, complaint: str
) -> None:
    form = written(name="林桂花", confidential="1")
    form[field] = value
    answer = visitor().post("/report/", form)
    assert answer.status_code == 422
    assert complaint in words(answer)
    page = answer.content.decode()
    for name in ("text", "address", "phone", "name"):
        if "\x00" not in form[name]:
            assert form[name] in page, name
    assert 'name="confidential" value="1" checked' in page
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "文件是空的"), (b"PK\x03\x04 no picture", "压缩包"), (b"<svg onload=alert(1)></svg>", "矢量图")],
)
def test_a_photo_that_cannot_be_taken_refuses_the_report_but_keeps_the_words(
    world: World, content: bytes, complaint: str
) -> None:
    answer = visitor().post("/report/", written(photos=[photo(), photo("b.jpg", content)]))
    assert answer.status_code == 422
    assert complaint in words(answer)
    assert "照片请重新选一次" in words(answer)
    assert "小区门口路灯不亮三天了" in answer.content.decode()
    assert not Matter.objects.exists()
    assert not File.objects.exists()


def test_seven_photos_are_one_too_many(world: World) -> None:
    answer = visitor().post("/report/", written(photos=[photo(f"{n}.jpg") for n in range(7)]))
    assert answer.status_code == 422
    assert "最多6张照片" in words(answer)
    assert not File.objects.exists()


def test_a_form_sent_twice_is_one_matter(world: World) -> None:
    client, form = visitor(), written()
    first, second = client.post("/report/", form), client.post("/report/", form)
    assert first.status_code == second.status_code == 302
    assert Matter.objects.count() == 1


def test_a_form_sent_twice_from_a_browser_that_keeps_no_session_is_one_matter(world: World) -> None:
    form = written()
    for _ in range(2):
        client = Client(headers={"accept": "text/html"}, enforce_csrf_checks=True)
        client.cookies["gongzhi_csrf"] = client.cookies["csrftoken"] = "a" * 32
        answer = client.post("/report/", form | {"csrfmiddlewaretoken": "a" * 32})
        assert answer.status_code == 302
    assert Matter.objects.count() == 1


@pytest.mark.parametrize("once", ["", "1", "x" * 500, "\x00"])
def test_a_broken_form_key_is_no_key(world: World, once: str) -> None:
    client = visitor()
    for _ in range(2):
        assert client.post("/report/", written(_once=once)).status_code == 302
    assert Matter.objects.count() == 2


def test_the_key_of_another_visitor_opens_nothing(world: World) -> None:
    once = str(uuid4())
    first = sent(Client(headers={"accept": "text/html"}), _once=once)
    other = signed_in(resident("lin"))
    assert sent(other, _once=once)[0] != first[0]


def test_eleven_reports_a_minute_from_one_place_are_too_many_and_the_words_stay(world: World) -> None:
    client = visitor()
    for _ in range(10):
        sent(client)
    answer = client.post("/report/", written(text="第十一件事"))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "第十一件事" in answer.content.decode()


def test_a_signed_in_resident_reports_as_themselves(world: World) -> None:
    lin = resident("lin")
    client = signed_in(lin)
    people = Person.objects.count()
    number, _ = sent(client, phone="", name="")
    assert matter(number).reporter_id == lin.person_id
    assert Person.objects.count() == people
    assert number in client.get("/mine/").content.decode()


def test_the_confirmation_belongs_to_the_visit_that_sent(world: World) -> None:
    sent(visitor())
    assert visitor().get("/report/sent/").status_code == 404


def test_the_form_comes_in_english_and_so_does_the_answer(world: World) -> None:
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    assert "What happened?" in client.get("/report/").content.decode()
    sent(client)
    page = client.get("/report/sent/").content.decode()
    assert "most likely for" in page
    assert "请记下" not in page
    assert quote(PHONE) not in page
