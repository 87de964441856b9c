"""The city's hotline sends its daily file; the street handles it by the city's number and deadline; the answer goes back
in the city's template; the city closes it. Nobody types anything twice, and nobody here grants what is the city's."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import reacting
from gongzhi.kernel import clock
from gongzhi.kernel.clock import in_china
from gongzhi.matters.models import Matter, SuperiorOrder
from gongzhi.superiors import actions, files, sending
from gongzhi.superiors.adapters.folder.places import OUT, place
from gongzhi.superiors.models import Message, Superior
from gongzhi.web.tests.people import signed_in
from tests.journeys.people import Town, photo

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "city_12345.superior.yaml"
NUMBER = "SZ20261123000017"
HEADER = (
    *(
        "工单编号",
        "操作",
        "工单状态",
        "操作时间",
        "截止时间",
        "标题",
        "诉求内容",
        "事发地址",
        "联系电话",
        "诉求人",
    ),
    *("紧急程度", "是否保密", "上级意见", "是否联系", "是否解决", "满意度"),
)


@pytest.fixture
def town(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr("gongzhi.superiors.adapters.folder.places._top", lambda: tmp_path / "superiors")
    return Town()


@pytest.fixture
def city(town: Town) -> Superior:
    mapping = EXAMPLE.read_text(encoding="utf-8").replace("430102001", "990101001")
    return actions.add(mapping=mapping, by=SYSTEM, at=clock.now())


def stamp(at: datetime) -> str:
    return f"{in_china(at):%Y-%m-%d %H:%M:%S}"


def daily_file(path: Path, *rows: dict[str, str]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    for row in rows:
        sheet.append([row.get(name, "") for name in HEADER])
    book.save(path)
    return path


def order(due_at: datetime, **more: str) -> dict[str, str]:
    return {
        "工单编号": NUMBER, "操作": "派单", "工单状态": "待签收", "操作时间": stamp(clock.now()),
        "截止时间": stamp(due_at), "标题": "路灯不亮", "诉求内容": "桃源街道第一社区路灯不亮三天了",
        "事发地址": "桃源街道第一社区", "联系电话": "13800138000", "诉求人": "张三", "紧急程度": "紧急", **more,
    }  # fmt: skip


def take(city: Superior, path: Path) -> files.FileTaken:
    rejects = path.with_suffix(".rejects.csv")
    return files.receive_file(superior=city, path=path, rejects=rejects, by=SYSTEM, at=clock.now())


def verdict(operation: str, **more: str) -> dict[str, str]:
    return {
        "工单编号": NUMBER,
        "操作": operation,
        "操作时间": stamp(clock.now() + timedelta(minutes=1)),
        **more,
    }


def sent(city: Superior) -> dict[str, list[dict[str, str]]]:
    """What lies in the folder, sheet by sheet."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(place(city.code, OUT).glob("*.xlsx")):
        for sheet in load_workbook(path).worksheets:
            header, *rows = sheet.iter_rows(values_only=True)
            found.setdefault(sheet.title, []).extend(dict(zip(header, row, strict=True)) for row in rows)
    return found


def test_an_order_from_the_city_and_back(town: Town, city: Superior, tmp_path: Path) -> None:
    due_at = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    unreadable = order(due_at, 工单编号="SZ2", 截止时间="后天")
    path = daily_file(tmp_path / "20261123.xlsx", order(due_at), unreadable)
    done = take(city, path)
    assert (done.rows, done.taken, done.present, done.rejected) == (2, 1, 0, 1)
    assert done.rejects is not None
    assert "3,截止时间," in done.rejects.read_text(encoding="utf-8-sig")

    # Their number and their deadline; the file once more changes nothing.
    matter = Matter.objects.get(external_id=NUMBER)
    assert (matter.origin, matter.channel, matter.due_at is not None) == ("city_12345", "superior", True)
    assert SuperiorOrder.objects.get(matter=matter).due_at == due_at
    again = take(city, path)
    assert (again.taken, again.present, again.rejected) == (0, 1, 1)

    number = matter.number
    station = str(town.world.organisations["lighting"].id)
    assert town.desk("dispatcher", number, "accept") == 302
    matter.refresh_from_db()
    assert matter.due_at is not None
    assert matter.due_at <= due_at  # ours may be earlier, never later: five working days do not fit
    town.desk("dispatcher", number, "dispatch", organisation=station, reason="照明归市政设施所")
    town.desk("handler", number, "sign")

    # More time is the city's to give: no verb of ours can, and the city's word moves the deadline.
    assert town.desk("dispatcher", number, "rule_superior_extension", decision="granted") in (403, 404, 409)
    assert town.desk("dispatcher", number, "ask_superior_extension", days="3", reason="等配件") == 302
    later = due_at + timedelta(days=3)
    take(city, daily_file(tmp_path / "2.xlsx", verdict("同意延期", 截止时间=stamp(later))))
    matter.refresh_from_db()
    assert SuperiorOrder.objects.get(matter=matter, ended_at=None).due_at == later

    town.desk("handler", number, "contact", outcome="reached")
    town.desk("handler", number, "answer", result="solved", reply="=灯具已更换", evidence=photo())
    assert town.state(number) == "verifying"
    town.desk("quality", number, "verify", decision="passed", note="现场已亮")
    reacting.settle(strict=True)
    sending.send_due(at=clock.now(), superior=city)
    back = sent(city)
    assert [row["工单编号"] for row in back["签收"]] == [NUMBER]
    assert back["延期申请"][0]["延期工作日"] == "3"
    assert back["办理反馈"][0]["办理结果"] == "已解决"
    assert back["办理反馈"][0]["答复内容"] == "'=灯具已更换"
    receipts = Message.objects.filter(outgoing=True).values_list("state", "receipt")
    assert {state for state, _ in receipts} == {"sent"}
    assert all("sha256:" in receipt for _, receipt in receipts)

    # Sent once: nothing is left, however often it is asked for.
    assert sending.send_due(at=clock.now(), superior=city) == 0

    # Only the city closes it; until then it waits in a queue of its own.
    assert town.state(number) == "calling_back"
    assert town.desk("quality", number, "close") == 409
    page = signed_in(town.world.accounts["dispatcher"]).get("/desk/?queue=at_superior").content.decode()
    assert "路灯不亮" in page
    take(city, daily_file(tmp_path / "3.xlsx", verdict("办结", 是否联系="是", 是否解决="是", 满意度="满意")))
    assert town.state(number) == "closed"
    assert "派来这件诉求的上级平台已结案" in " ".join(town.told(number))


def test_the_city_takes_back_what_is_not_ours(town: Town, city: Superior, tmp_path: Path) -> None:
    take(city, daily_file(tmp_path / "1.xlsx", order(clock.now() + timedelta(days=2))))
    number = Matter.objects.get(external_id=NUMBER).number
    assert town.desk("dispatcher", number, "ask_superior_return", reason="不在本街道辖区") == 302
    take(city, daily_file(tmp_path / "2.xlsx", verdict("不同意退单", 上级意见="在辖区内")))
    assert town.state(number) == "reported"
    assert town.desk("dispatcher", number, "ask_superior_return", reason="门牌在望江街道，附地图") == 302
    take(city, daily_file(tmp_path / "3.xlsx", verdict("同意退单", 上级意见="转望江街道")))
    assert town.state(number) == "diverted"
