"""The exchange page and the other side of a case: what the desk reads of superiors, and what it sends again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM
from gongzhi.kernel import clock, ids
from gongzhi.kernel.clock import in_china
from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import START, World
from gongzhi.superiors import actions, receiving
from gongzhi.superiors.mapping import read_mapping
from gongzhi.superiors.models import Message, Order, Superior
from gongzhi.web.tests.people import signed_in

EXAMPLE = Path(__file__).parents[5] / "docs" / "examples" / "city_12345.superior.yaml"


@pytest.fixture
def city(world: World) -> Superior:
    mapping = EXAMPLE.read_text(encoding="utf-8").replace("430102001", "990101001")
    return actions.add(mapping=mapping, by=SYSTEM, at=START)


@pytest.fixture
def number(city: Superior) -> str:
    due = clock.now() + timedelta(days=2)
    row = {
        "工单编号": "SZ-1", "操作": "派单", "工单状态": "市派单", "截止时间": f"{due:%Y-%m-%d %H:%M:%S}",
        "标题": "路灯不亮", "诉求内容": "路灯不亮三天了", "事发地址": "桃源街道第一社区",
    }  # fmt: skip
    receiving.receive(superior=city, mapping=read_mapping(city.mapping), row=row, at=clock.now())
    return Matter.objects.get(external_id="SZ-1").number


def failed(city: Superior, count: int = 1) -> list[Message]:
    order = Order.objects.get()
    return Message.objects.bulk_create(
        Message(
            id=ids.uuid7(clock.now()),
            superior=city,
            order=order,
            outgoing=True,
            kind="answered",
            key=f"{n}:{ids.uuid7(clock.now())}",
            number=order.number,
            state="failed",
            at=clock.now(),
            attempts=9,
            error="HTTP 422 <b>no</b>",
        )
        for n in range(count)
    )


def page(world: World, who: str, address: str = "/desk/exchange/") -> str:
    return signed_in(world.accounts[who]).get(address).content.decode()


def test_the_desk_reads_connections_and_messages_and_others_do_not(
    world: World, city: Superior, number: str
) -> None:
    Superior.objects.update(skew_seconds=-7200, trouble="HTTP 401")
    failed(city)
    shown = page(world, "dispatcher")
    for words in ("市 12345", "SZ-1", "派单", "发送失败", "HTTP 401", "两边时钟相差 -7200 秒", "&lt;b&gt;no"):
        assert words in shown
    assert "发送失败" in page(world, "dispatcher", "/desk/exchange/?state=failed&superior=city_12345")
    for who in ("handler", "quality", "leader"):
        assert signed_in(world.accounts[who]).get("/desk/exchange/").status_code in (302, 403, 404)


def test_what_failed_is_sent_again_once_by_the_desk(world: World, city: Superior, number: str) -> None:
    (message,) = failed(city)
    address = f"/desk/exchange/{message.id}/again/"
    assert signed_in(world.accounts["handler"]).post(address).status_code in (403, 404)
    desk = signed_in(world.accounts["dispatcher"])
    assert desk.post(address).status_code == 302
    message.refresh_from_db()
    assert message.state == "queued"
    again = desk.post(address)
    assert again.status_code == 409
    assert "只有发送失败的才能重发" in again.content.decode()
    assert desk.post(f"/desk/exchange/{ids.uuid7(clock.now())}/again/").status_code == 404


def test_the_case_shows_the_superiors_number_state_and_messages(
    world: World, city: Superior, number: str
) -> None:
    failed(city)
    shown = page(world, "dispatcher", f"/desk/cases/{number}/")
    for words in ("市 12345", "市派单", "SZ-1", "上级时限", "办理反馈"):
        assert words in shown
    for machine in ("superiors.", "上级平台代码", "City 12345"):
        assert machine not in shown.partition("<article")[2]
    assert f"上级时限：{in_china(Order.objects.get().due_at):%Y-%m-%d %H:%M}" in shown


def test_the_list_costs_the_same_for_five_and_for_fifty(world: World, city: Superior, number: str) -> None:
    def asked() -> int:
        client = signed_in(world.accounts["dispatcher"])
        client.get("/desk/exchange/")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/exchange/").status_code == 200
        return len(found)

    failed(city, 5)
    few = asked()
    failed(city, 60)
    assert asked() == few
    assert "更早的" in page(world, "dispatcher")
