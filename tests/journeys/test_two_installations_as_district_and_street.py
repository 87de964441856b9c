"""A district and one of its streets each run an installation of their own. What the district dispatches to the street
arrives there by itself, is signed for, quarrelled about, answered with a photo and closed; both see both sides; each may
die in between; their clocks are two hours apart. Everything by commands, data and real HTTP."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.installations import Installation, installation

pytestmark = [pytest.mark.slow, pytest.mark.embedded]

ROOT = Path(__file__).parents[2]
AHEAD = 7_200
DISTRICT = """code,name,kind,parent,area
qhq,青禾区人民政府,district,,990101
ddzx,青禾区调度中心,centre,qhq,990101
ljjd,临江街道办事处,street,qhq,990101001
"""
DISTRICT_STAFF = """name,username,organisation,role,area
何静,desk,ddzx,dispatcher,990101
秦岚,super,qhq,supervisor,990101
唐燕,quality,ddzx,quality,990101
"""
STREET = """code,name,kind,parent,area
ljjd,临江街道办事处,street,,990101001
hbk,临江街道环卫科,station,ljjd,990101001
"""
STREET_STAFF = """name,username,organisation,role,area
邓超群,street.desk,ljjd,dispatcher,990101001
周伟,worker,hbk,handler,
"""


def photo(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(stream, "JPEG")
    return stream.getvalue()


def settle(one: Installation, organisations: str, staff: str) -> None:
    (one.folder / "units.csv").write_text(organisations, encoding="utf-8")
    (one.folder / "staff.csv").write_text(staff, encoding="utf-8")
    one.command("import", "areas", ROOT / "demo" / "areas.geojson")
    one.command("import", "parties", one.folder / "units.csv")
    one.command("import", "parties", one.folder / "staff.csv")
    one.staff(*(line.split(",")[1] for line in staff.splitlines()[1:]))


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Installation, Installation]]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with ExitStack() as stack:
        district = stack.enter_context(installation(tmp_path / "district"))
        street = stack.enter_context(
            installation(tmp_path / "street", ahead_seconds=AHEAD, outbound=f"127.0.0.1/32:{district.port}")
        )
        district.up()
        street.up()
        district.ready()
        street.ready()
        settle(district, DISTRICT, DISTRICT_STAFF)
        settle(street, STREET, STREET_STAFF)
        yield district, street


def connect(district: Installation, street: Installation) -> None:
    """As docs/superiors.md says; first with a key that is not the district's."""
    mapping = (ROOT / "docs" / "examples" / "district.superior.yaml").read_text(encoding="utf-8")
    file = street.folder / "district.yaml"
    file.write_text(mapping.replace("430102001", "990101001"), encoding="utf-8")
    wrong = street.folder / "wrong.txt"
    wrong.write_text("gz_nobody-gave-this-key-to-anybody-ever\n")
    street.command("superior", "add", file, "--url", district.url, "--secret-file", wrong)
    assert "HTTP 401" in street.command("superior", "read", "district", code=1)
    key = district.folder / "ljjd.key"
    district.command("subordinate", "add", "ljjd", "--secret-file", key)
    assert key.stat().st_mode & 0o077 == 0
    street.command("superior", "add", file, "--url", district.url, "--secret-file", key)


def dispatched(district: Installation) -> str:
    """A report with a photo, accepted and dispatched to the street."""
    picture = district.upload("desk", photo((90, 60, 30)), "report")
    report = {
        "text": "楼下旧沙发堆了一周没人收，大件垃圾挡住通道",
        "title": "大件垃圾没人收",
        "category": "010203",
        "area": "990101001001",
        "address": "江滨路 8 号",
        "name": "林桂花",
        "phone": "13800138000",
        "channel": "phone",
        "files": [picture],
    }
    status, opened = district.api("desk", "POST", "/reports", report)
    assert status == 201, opened
    number = str(opened["number"])
    district.do("desk", number, "accept")
    status, units = district.api("desk", "GET", "/organisations")
    unit = next(one["id"] for one in units if one["code"] == "ljjd")
    district.do("desk", number, "dispatch", organisation=unit, reason="辖区街道")
    return number


def read(street: Installation) -> None:
    street.command("superior", "read", "district")


def orders(street: Installation) -> list[dict[str, Any]]:
    status, found = street.api("street.desk", "GET", "/matters?order=newest")
    assert status == 200
    return list(found["items"])


def sides(one: Installation, who: str, number: str) -> dict[str, Any]:
    status, said = one.api(who, "GET", f"/matters/{number}/other-sides")
    assert status == 200, said
    return dict(said)


def messages(street: Installation, ours: str) -> list[tuple[str, str]]:
    """What went up, in order: kind and state."""
    above = sides(street, "street.desk", ours)["above"]
    return [(one["kind"], one["state"]) for one in reversed(above["messages"]) if one["outgoing"]]


def facts(one: Installation, who: str, number: str, kind: str) -> list[dict[str, Any]]:
    return [fact for fact in one.case(who, number)["facts"] if fact["kind"] == kind]


def promise(district: Installation, number: str) -> datetime:
    clocks = district.case("desk", number)["clocks"]
    return datetime.fromisoformat(next(clock["due_at"] for clock in clocks if clock["code"] == "handling"))


def test_a_street_with_its_own_installation_handles_what_the_district_dispatches(
    both: tuple[Installation, Installation],
) -> None:
    district, street = both
    connect(district, street)
    theirs = dispatched(district)
    read(street)
    read(street)  # again changes nothing
    (order,) = orders(street)
    ours = str(order["number"])
    case = street.case("street.desk", ours)
    assert case["external_id"] == theirs
    assert case["header"]["title"] == "大件垃圾没人收"
    assert case["header"]["category"] == "010203"
    assert [file["purpose"] for file in case["files"]] == ["report"]
    above = sides(street, "street.desk", ours)["above"]
    assert (above["number"], above["state"]) == (theirs, "待签收")
    promised = promise(district, theirs)
    assert datetime.fromisoformat(above["due_at"]) == promised
    assert "-7" in street.command("superior", "list")  # two hours, said to the second

    # The street accepts: that is its signature up there.
    street.do("street.desk", ours, "accept")
    district.stands("desk", theirs, "handling")
    district.until(lambda: sides(district, "desk", theirs)["below"])
    below = sides(district, "desk", theirs)["below"]
    assert (below["number"], below["unit"]) == (ours, "临江街道办事处")

    # It asks to give it back; the district refuses; it has signed again without anybody typing anything.
    street.do("street.desk", ours, "ask_superior_return", reason="该楼属渡口社区物业")
    district.stands("desk", theirs, "return_asked")
    district.do("desk", theirs, "decide_return", decision="refused", reason="公共通道，属街道职责")
    read(street)
    assert facts(street, "street.desk", ours, "superior_request")[-1]["values"]["decision"] == "refused"
    district.stands("desk", theirs, "handling")

    # More time is the district's to give.
    street.do("street.desk", ours, "ask_superior_extension", days=3, reason="清运车排期")
    district.until(lambda: facts(district, "desk", theirs, "extension_request"))
    district.do("super", theirs, "decide_extension", decision="granted", reason="同意")
    read(street)
    later = datetime.fromisoformat(sides(street, "street.desk", ours)["above"]["due_at"])
    assert later > promised
    assert later == promise(district, theirs)

    # Handled by a section of the street. While it answers, the district is away; then the street loses its power.
    status, units = street.api("street.desk", "GET", "/organisations")
    section = next(one["id"] for one in units if one["code"] == "hbk")
    street.do("street.desk", ours, "dispatch", organisation=section, reason="环卫科")
    street.do("worker", ours, "sign")
    street.do("worker", ours, "contact", outcome="reached", note="已约上门时间")
    district.until(lambda: facts(district, "desk", theirs, "contact"))
    district.down()
    evidence = street.upload("worker", photo((20, 160, 60)), "evidence")
    street.do(
        "worker", ours, "answer", result="solved", reply="旧沙发已清走，通道已疏通。", evidence=[evidence]
    )
    street.until(lambda: ("answered", "queued") in messages(street, ours))
    street.killed()
    district.up()
    street.up()
    district.ready()
    street.ready()
    street.command("superior", "send", "district", code=None)  # the worker may have it in hand already
    district.stands("quality", theirs, "calling_back")
    (answer,) = facts(district, "desk", theirs, "answer")
    assert answer["values"]["reply"] == "旧沙发已清走，通道已疏通。"
    shown = [file["purpose"] for file in district.case("desk", theirs)["files"]]
    assert sorted(shown) == ["evidence", "report"]
    street.until(lambda: {state for _, state in messages(street, ours)} == {"sent"})
    kinds = [kind for kind, _ in messages(street, ours) if kind != "standing"]
    assert kinds == ["signed", "return_asked", "signed", "extension_asked", "contacted", "answered"]
    assert all(
        one["receipt"] for one in sides(street, "street.desk", ours)["above"]["messages"] if one["outgoing"]
    )
    district.until(lambda: sides(district, "desk", theirs)["below"]["state"]["zh"] == "待回访")

    # Only the district calls back and closes; the street sees it.
    status, _ = street.api(
        "street.desk", "POST", f"/matters/{ours}/transitions", {"verb": "close", "form": {}}
    )
    assert status in (403, 409)
    district.do(
        "quality", theirs, "call_back", outcome="reached", contacted=True, solved=True, level="5", note="满意"
    )
    district.do("quality", theirs, "close", note="回访满意")
    district.killed()
    district.up()
    district.ready()
    read(street)
    assert street.state("street.desk", ours) == "closed"
    (call,) = facts(street, "street.desk", ours, "call_back")
    assert call["values"]["level"] == 5
    above = sides(street, "street.desk", ours)["above"]
    assert above["state"] == "已办结"
    district.until(lambda: sides(district, "desk", theirs)["below"]["state"]["zh"] == "已办结")

    # Nothing twice on either side, and a key that is taken away opens nothing.
    assert len(orders(street)) == 1
    read(street)
    assert len(street.case("street.desk", ours)["files"]) == 2
    assert len(facts(street, "street.desk", ours, "superior_request")) == 2
    district.command("subordinate", "end", "ljjd")
    assert "HTTP 401" in street.command("superior", "read", "district", code=1)
