"""One person nobody else is called like: after a whole life of their case, no answer, act, log or column has them."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from gongzhi.acts import reacting
from gongzhi.installation.home import home
from gongzhi.kernel import clock
from gongzhi.lane import wire
from gongzhi.lane.changes import read_after
from gongzhi.matters.models import Matter
from gongzhi.notices import delivering
from gongzhi.notices.models import Notice
from tests.security import house as houses
from tests.security.addresses import with_queries
from tests.security.holes import holes
from tests.security.house import House
from tests.security.test_crawl import body
from tests.security.test_roles_verbs_states import VERBS

NAME, PHONE, ADDRESS = "欧阳晓岚", "13977665544", "翠湖苑九栋三单元 1107"
TEXT = "楼下路灯不亮，晚上看不见路"
SECRETS = (NAME, PHONE, "139 7766 5544", "139-7766-5544", "+8613977665544")
READERS = ("dispatcher", "handler", "quality", "grid_worker", "auditor", "system_admin", "anonymous")
LIFE = (
    ("accept", "dispatcher"), ("dispatch", "dispatcher"), ("sign", "handler"), ("contact", "handler"),
    ("message", "handler"), ("answer", "handler"), ("verify", "grid_worker"), ("call_back", "quality"),
    ("close", "quality"), ("reopen", "quality"), ("answer", "handler"), ("note", "dispatcher"),
)  # fmt: skip


@dataclass
class Lived:
    number: str
    reporter: Client
    pages: dict[str, bytes]
    log: str


def holds(content: bytes) -> list[str]:
    forms = [
        (secret, secret.encode(form)) for secret in SECRETS for form in ("utf-8", "gb18030", "utf-16-le")
    ]
    forms += [(NAME, NAME.encode("unicode_escape")), (NAME, "".join(f"&#{ord(c)};" for c in NAME).encode())]
    forms += [(secret, secret.encode().hex().encode()) for secret in SECRETS]
    return sorted({secret for secret, form in forms if form in content})


@pytest.fixture
def lived(house: House, caplog: pytest.LogCaptureFixture) -> Lived:
    caplog.set_level(logging.DEBUG)
    reporter = Client(headers={"accept": "text/html"})
    form = {"text": TEXT, "address": ADDRESS, "name": NAME, "phone": PHONE, "lon": "112.91", "lat": "28.21"}
    reporter.post("/report/", form)
    matter = Matter.objects.get()
    pages = {"sent": reporter.get("/report/sent/").content}
    for verb, name in LIFE:
        matter.refresh_from_db()
        if verb == "verify" and matter.state != "verifying":
            continue
        given = house.form(VERBS[verb].form, house.actor(name))
        sent = house.client(name, accept="application/json").post(
            f"/api/v1/matters/{matter.number}/transitions",
            {"verb": verb, "form": given},
            content_type="application/json",
        )
        assert sent.status_code == 201, (verb, sent.content.decode())
        pages[f"transition {verb}"] = sent.content
    reacting.settle()
    noon = clock.in_china(clock.now()).replace(hour=12, minute=0) + timedelta(days=1)  # no quiet hours
    while delivering.deliver_due(at=noon):
        pass
    matter.refresh_from_db()
    return Lived(matter.number, reporter, pages, caplog.text)


def answers(house: House, lived: Lived) -> Iterator[tuple[str, bytes]]:
    yield from lived.pages.items()
    addresses = [
        *with_queries(holes(house, lived.number)),
        f"/desk/?q={TEXT}",
        "/desk/export.xlsx",
        "/desk/?queue=nope",
    ]
    for name in READERS:
        client = house.client(name)
        for address in addresses:
            yield f"{name} {address}", unpacked(body(client.get(address)))
        wrong = client.post(f"/desk/cases/{lived.number}/answer/", {"result": "nope"})
        yield f"{name} refused form", body(wrong)


def unpacked(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_no_role_reads_the_name_or_the_number_anywhere(house: House, lived: Lived) -> None:
    seen = 0
    for where, content in answers(house, lived):
        assert not holds(content), where
        seen += TEXT.encode() in content
    assert seen > 10  # the case itself was read, in many places


def test_the_desk_reads_them_masked(house: House, lived: Lived) -> None:
    page = house.client("dispatcher").get(f"/desk/cases/{lived.number}/").content.decode()
    assert re.search(r"139\*+5?5?44", page)
    assert "欧" in page


def test_strangers_and_open_data_do_not_read_the_address_or_the_words(house: House, lived: Lived) -> None:
    for name in ("anonymous", "nobody", "other_resident"):
        client = house.client(name)
        for address in ("/report/", "/open311/v2/requests.json", "/open311/v2/requests.xml",
                        f"/open311/v2/requests/{lived.number}.json", f"/matters/{lived.number}/"):  # fmt: skip
            content = client.get(address).content.decode()
            assert ADDRESS not in content, (name, address)
            assert "1107" not in content, (name, address)
            assert TEXT not in content, (name, address)


def test_the_database_holds_them_nowhere_in_clear(house: House, lived: Lived) -> None:
    rows = 0
    for table, row in houses.clear_text():
        assert not holds(row.encode()), table
        rows += 1
    assert rows > 200
    with_address = {table for table, row in houses.clear_text() if ADDRESS in row}
    assert with_address <= {"matters_mattertext"}, with_address  # the report's own free text


def test_acts_outbox_and_logs_have_neither_name_number_nor_words(house: House, lived: Lived) -> None:
    assert Notice.objects.filter(channel="sms").exists()
    outbox = home().log / "outbox.jsonl"
    written = outbox.read_bytes() if outbox.exists() else b""
    assert lived.number.encode() in written or b"NOT SENT" in written
    assert not holds(written)
    assert not holds(lived.log.encode())
    assert ADDRESS not in lived.log
    for table, row in houses.clear_text():
        if table.startswith("acts_act") or table == "acts_leaf":
            assert ADDRESS not in row
            assert TEXT not in row


def test_the_live_stream_says_what_happened_and_nothing_about_whom(house: House, lived: Lived) -> None:
    news = read_after(-1)
    bare = b"".join(wire.Told(change).bare(within_ms=0) for change in news.changes)
    drawn = b"".join(
        wire.Told(change).in_list(language=language, within_ms=0)
        for change in news.changes
        for language in ("zh-hans", "en")
    )
    assert lived.number.encode() in bare
    assert TEXT.encode() in drawn  # the line of the list, for those who may see the list
    assert not holds(bare)
    assert not holds(drawn)
    for words in (ADDRESS, TEXT):
        assert words.encode() not in bare


def test_error_pages_do_not_repeat_what_was_sent(house: House, lived: Lived) -> None:
    client = house.client("anonymous")
    secret = {"number": lived.number, "phone": PHONE, "code": "wrong"}
    assert holds(client.post("/follow/", {**secret, "phone": ""}).content) == []
    for address in (f"/nowhere/{PHONE}/", f"/desk/cases/{PHONE}/", f"/matters/{PHONE}/"):
        answer = client.get(address, headers={"accept": "application/json"})
        assert not holds(answer.content), address
