"""A second superior, by a daily CSV in its own columns and encoding: taken in, answered in its template, and hostile."""

import csv
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.acts import reacting
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters import actions as matters
from gongzhi.matters.models import Matter, Note, SuperiorOrder
from gongzhi.matters.tests import town as towns
from gongzhi.superiors import actions, files, sending
from gongzhi.superiors.adapters.folder.places import DONE, IN, OUT, REJECTS, place
from gongzhi.superiors.mapping import read_mapping
from gongzhi.superiors.models import Message, Superior

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "regional_123.superior.yaml"
AT = towns.AT + timedelta(hours=5)
HEADER = (
    *(
        "事件号",
        "流转",
        "流水号",
        "流转时间",
        "当前环节",
        "处置期限",
        "事件名称",
        "事件描述",
        "地点",
        "报告人电话",
    ),
    *("报告人", "批示", "是否办结", "备用"),
)
ORDER = {
    "事件号": "ZZ-7", "流转": "下派", "流水号": "s1", "流转时间": "2026/03/02 09:00:00", "当前环节": "待处置",
    "处置期限": "2026/03/05 18:00", "事件名称": "路灯不亮", "事件描述": "S1 门口，路灯\"不亮\"\n已三天",
    "地点": "示例路 8 号", "报告人电话": "13800138000", "报告人": "张三",
}  # fmt: skip
URGED = {**ORDER, "流转": "督促", "流水号": "s2", "流转时间": "2026/03/02 10:00:00", "批示": "居民再次来电"}


@pytest.fixture
def town(db, tmp_path, monkeypatch):
    monkeypatch.setattr("gongzhi.superiors.adapters.folder.places._top", lambda: tmp_path / "superiors")
    return towns.build()


@pytest.fixture
def order_platform(town) -> Superior:
    mapping = EXAMPLE.read_text(encoding="utf-8").replace('"430102001"', '"510000001"')
    mapping = mapping.replace("  address: 地点\n", "  address: 地点\n  category: {constant: lamp}\n")
    return actions.add(mapping=mapping, by=SYSTEM, at=towns.AT)


def laid(superior: Superior, name: str, *rows: dict[str, str], encoding: str = "gb18030") -> Path:
    path = place(superior.code, IN) / name
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows([row.get(column, "") for column in HEADER] for row in rows)
    return path


def swept(superior: Superior, hours: int = 0) -> int:
    return files.sweep(superior, at=AT + timedelta(hours=hours))


def counts() -> tuple[int, int, int]:
    acts = Act.objects.exclude(verb="superiors.read_file").count()
    return Matter.objects.count(), Message.objects.count(), acts


def rejects(superior: Superior, name: str) -> str:
    path = place(superior.code, REJECTS) / f"{name}.rejects.csv"
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_an_order_is_read_whatever_the_encoding(order_platform, encoding):
    laid(order_platform, "1.csv", ORDER, encoding=encoding)
    assert swept(order_platform) == 1
    matter = Matter.objects.get(external_id="ZZ-7")
    assert matter.words.text == 'S1 门口，路灯"不亮"\n已三天'
    order = SuperiorOrder.objects.get(matter=matter)
    assert f"{order.due_at:%m-%dT%H}" == "03-05T10"
    assert [path.name.partition("-")[2] for path in place(order_platform.code, DONE).iterdir()] == ["1.csv"]


def test_what_it_gets_back_is_in_its_columns_and_encoding_with_a_receipt(order_platform, town):
    laid(order_platform, "1.csv", ORDER)
    swept(order_platform)
    number = Matter.objects.get(external_id="ZZ-7").number
    matters.perform(number=number, verb="accept", form={}, by=town["dispatcher"], at=AT)
    reason = '=HYPERLINK("https://evil") 不在辖区'
    matters.perform(
        number=number, verb="ask_superior_return", form={"reason": reason}, by=town["dispatcher"], at=AT
    )
    reacting.settle(strict=True)
    assert sending.send_due(at=AT, superior=order_platform) == 4
    found = {path.name: path.read_bytes() for path in place(order_platform.code, OUT).iterdir()}
    assert {name.split("-", 2)[2] for name in found} == {"signed.csv", "return_asked.csv", "standing.csv"}
    rows = {name: list(csv.DictReader(content.decode("gbk").splitlines())) for name, content in found.items()}
    (signed,) = next(rows[name] for name in rows if "signed" in name)
    assert (signed["事件号"], signed["动作"]) == ("ZZ-7", "接收")
    (asked,) = next(rows[name] for name in rows if "return" in name)
    assert asked["说明"] == f"'{reason}"  # text, nothing a spreadsheet would follow
    standing = next(rows[name] for name in rows if "standing" in name)
    assert [row["本级环节"] for row in standing] == ["待受理", "待派单"]
    for message in Message.objects.filter(outgoing=True):
        digest = hashlib.sha256(found[message.file]).hexdigest()
        assert (message.state, message.receipt) == ("sent", f"{message.file} sha256:{digest}")
    assert sending.send_due(at=AT, superior=order_platform) == 0


def test_the_same_file_again_and_rows_out_of_order_change_nothing(order_platform):
    laid(order_platform, "1.csv", URGED, ORDER)
    swept(order_platform)
    matter = Matter.objects.get()
    assert Note.objects.filter(matter=matter, text="居民再次来电").count() == 1
    before = counts()
    for again, rows in enumerate(((URGED, ORDER), (ORDER, URGED), (ORDER, ORDER, URGED))):
        laid(order_platform, f"again{again}.csv", *rows, encoding="utf-8")
        swept(order_platform, again + 1)
    assert counts() == before


def test_a_platform_without_message_ids_may_lay_down_the_same_file_for_ever(town):
    mapping = EXAMPLE.read_text(encoding="utf-8").replace('"430102001"', '"510000001"')
    mapping = mapping.replace("  message: 流水号\n", "").replace(
        "  address: 地点\n", "  address: 地点\n  category: {constant: lamp}\n"
    )
    superior = actions.add(mapping=mapping, by=SYSTEM, at=towns.AT)
    older = {**ORDER, "事件描述": "旧的说法", "流转时间": "2026/03/01 09:00:00"}
    laid(superior, "1.csv", ORDER, URGED, older)
    swept(superior)
    before = counts()
    for again in (1, 2):
        laid(superior, "1.csv", ORDER, URGED, older)
        swept(superior, again)
    assert counts() == before


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"处置期限": "soon"}, "处置期限"),
        ({"流转": "不知道"}, "流转"),
        ({"流水号": "x" * 20_000}, "流水号"),
        ({"事件描述": "长" * 200_000}, "事件描述"),
        ({"是否办结": "也许"}, "是否办结"),
        ({"事件号": ""}, "事件号"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_taken(order_platform, wrong, column):
    laid(order_platform, "1.csv", {**ORDER, "事件号": "ZZ-8", "流水号": "s9", **wrong}, ORDER)
    swept(order_platform)
    assert [matter.external_id for matter in Matter.objects.all()] == ["ZZ-7"]
    said = rejects(order_platform, "1.csv")
    assert column in said.splitlines()[1] if column != "事件描述" else said


def test_formulas_stay_text_and_are_never_run(order_platform):
    formula = "=cmd|'/c calc'!A1"
    laid(order_platform, "1.csv", {**ORDER, "事件名称": formula, "报告人": "@SUM(1)"})
    swept(order_platform)
    assert Matter.objects.get().words.title == formula


def test_bytes_that_are_no_characters_reject_their_row_only(order_platform):
    path = laid(order_platform, "1.csv", {**ORDER, "事件号": "ZZ-8", "流水号": "s9", "地点": "BYTES"}, ORDER)
    path.write_bytes(path.read_bytes().replace(b"BYTES", b"\xff\xff"))
    swept(order_platform)
    assert "ZZ-8" not in Matter.objects.values_list("external_id", flat=True)
    assert rejects(order_platform, "1.csv")


def test_a_file_without_a_needed_column_or_of_another_kind_is_put_aside_with_the_reason(order_platform):
    folder = place(order_platform.code, IN)
    (folder / "1.csv").write_text("事件号,流转\nZZ-7,下派\n", encoding="gb18030")
    (folder / "2.csv").write_bytes(b"\x00\x01\x02PK\xff\xfe\xfd" * 50)
    (folder / "3.csv").write_text("", encoding="utf-8")
    (folder / "4.csv").write_text("事件号,事件号,处置期限\na,b,c\n", encoding="utf-8")
    swept(order_platform)
    assert not Matter.objects.exists()
    assert list(folder.iterdir()) == []
    for name in ("1.csv", "2.csv", "3.csv", "4.csv"):
        assert rejects(order_platform, name)


def test_an_encoding_nobody_reads_is_refused_in_the_mapping():
    text = EXAMPLE.read_text(encoding="utf-8").replace("encoding: gbk", "encoding: ebcdic")
    with pytest.raises(Invalid):
        read_mapping(text)
