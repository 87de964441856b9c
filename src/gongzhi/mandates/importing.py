"""A responsibility list from a file: rows of a table or of YAML → checked rows and rejects, each with its reason."""

import csv
import io
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from gongzhi.kernel.refusals import Invalid
from gongzhi.mandates import cells
from gongzhi.mandates.models import PARTS, ROLES
from gongzhi.mandates.table import Limit

COLUMNS = (
    "item title organisation area category role part basis basis_until valid_from valid_until response handling".split()  # noqa: SIM905
)
_NEEDED = ("item", "title", "organisation", "category", "role", "basis")
# As published lists name their columns, and as their cells say it.
HEADINGS = {
    "事项编码": "item",
    "事项代码": "item",
    "事项名称": "title",
    "事项": "title",
    "单位代码": "organisation",
    "单位": "organisation",
    "区域代码": "area",
    "区域": "area",
    "类别代码": "category",
    "类别": "category",
    "责任": "role",
    "责任方式": "role",
    "清单": "part",
    "依据": "basis",
    "法律依据": "basis",
    "依据有效至": "basis_until",
    "生效日期": "valid_from",
    "失效日期": "valid_until",
    "响应时限": "response",
    "办理时限": "handling",
}
_WORDS = {
    "role": {"主办": "lead", "协办": "assist", "监督": "supervise"},
    "part": {"基本": "basic", "配合": "assisting", "上级收回": "taken_back"},
}
_NOT_LEADING = ("street", "community")


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A row whose words are checked. Codes of organisation, area and category are known to exist."""

    item: str
    title: str
    organisation: str
    area_path: str
    category: str
    role: str
    part: str
    basis: str
    basis_until_on: date | None
    valid_from: datetime | None
    valid_until: datetime | None
    response: Limit | None
    handling: Limit | None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.item, self.organisation, self.area_path, self.category, self.role)


@dataclass(frozen=True, slots=True)
class Reject:
    """row: number in the file as a person counts it (CSV: the line; YAML: the entry)."""

    row: int
    problem: Invalid


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: organisation code → kind, area code → path, category codes. closed: those that were there once and ended, as
    "area:code", "organisation:code", "category:code"."""

    organisations: Mapping[str, str]
    areas: Mapping[str, str]
    categories: frozenset[str]
    closed: frozenset[str] = frozenset()


def parse(text: str, *, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Numbered raw rows of a .csv or .yaml file. Raises Invalid when the file as a whole cannot be read."""
    if not name.lower().endswith((".yaml", ".yml")):
        reader = csv.DictReader(io.StringIO(text))
        return tabular((reader.line_num, row) for row in reader)
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Invalid(
            "mandates.not_yaml", "文件不是有效的 YAML：%(reason)s。", reason=str(error).splitlines()[0]
        ) from None
    rows = found.get("mandates") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise Invalid("mandates.no_rows", "文件中没有 mandates 列表。")
    return [(number, row if isinstance(row, dict) else {}) for number, row in enumerate(rows, start=1)]


def tabular(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Numbered raw rows of a table, columns under their English names. Raises Invalid when one is missing or nothing
    is in it: an empty list put in force would end every mandate."""
    found: list[tuple[int, Mapping[str, Any]]] = [
        (number, {HEADINGS.get(key, key): cell for key, cell in row.items()}) for number, row in rows
    ]
    if not found:
        raise Invalid("mandates.empty_list", "文件中没有一行责任。")
    missing = [column for column in _NEEDED if column not in found[0][1]]
    if missing:
        raise Invalid(
            "mandates.missing_columns", "文件缺少列：%(columns)s。首行应是列名。", columns="、".join(missing)
        )
    return found


def read(
    rows: Iterable[tuple[int, Mapping[str, Any]]], known: Known
) -> tuple[list[MandateRow], list[Reject]]:
    """Checked rows and rejects; a key that occurs twice is rejected the second time."""
    good: list[MandateRow] = []
    rejects: list[Reject] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, raw in rows:
        try:
            row = _row({key: "" if value is None else value for key, value in raw.items() if key}, known)
            if row.key in seen:
                raise Invalid("mandates.twice", "与第 %(row)s 行重复，请删去一行。", row=seen[row.key])
        except Invalid as problem:
            rejects.append(Reject(number, problem))
            continue
        seen[row.key] = number
        good.append(row)
    return good, rejects


def _row(raw: Mapping[str, Any], known: Known) -> MandateRow:
    text = {key: str(value).strip() for key, value in raw.items()}
    for key in text:
        if key not in COLUMNS:
            raise Invalid("mandates.unknown_column", "不认识的列“%(name)s”。", name=key[:40], field=key[:40])
        cells.readable(key, text[key])
    for key, words in _WORDS.items():
        text[key] = words.get(text.get(key, ""), text.get(key, ""))
    for key in _NEEDED:
        if not text.get(key):
            raise Invalid("mandates.empty", "“%(name)s”不能为空。", name=key, field=key)
    cells.listed("role", text["role"], ROLES)
    part = text.get("part") or "basic"
    cells.listed("part", part, PARTS)
    kind = known.organisations.get(text["organisation"])
    _not_closed("organisation", text["organisation"], known.organisations, known)
    if kind is None:
        raise Invalid(
            "mandates.unknown_organisation",
            "没有代码为“%(name)s”的单位，请先导入单位。",
            name=text["organisation"][:40],
            field="organisation",
        )
    _not_closed("category", text["category"], known.categories, known)
    if text["category"] not in known.categories:
        raise Invalid(
            "mandates.unknown_category",
            "没有代码为“%(name)s”的类别。",
            name=text["category"][:40],
            field="category",
        )
    area = text.get("area", "")
    _not_closed("area", area, known.areas, known)
    if area and area not in known.areas:
        raise Invalid(
            "mandates.unknown_area",
            "没有代码为“%(name)s”的区域，请先导入区域。",
            name=area[:40],
            field="area",
        )
    if text["role"] == "lead" and part != "basic" and kind in _NOT_LEADING:
        raise Invalid(
            "mandates.cannot_lead", "配合事项和上级收回事项不得由街道（乡镇）、社区（村）主办。", field="part"
        )
    start, end = cells.day("valid_from", text), cells.day("valid_until", text)
    if start and end and end <= start:
        raise Invalid("mandates.period", "有效期的结束应晚于开始。", field="valid_until")
    return MandateRow(
        item=text["item"],
        title=text["title"],
        organisation=text["organisation"],
        area_path=known.areas[area] if area else "",
        category=text["category"],
        role=text["role"],
        part=part,
        basis=text["basis"],
        basis_until_on=cells.on("basis_until", text),
        valid_from=start,
        valid_until=end,
        response=cells.limit("response", text),
        handling=cells.limit("handling", text),
    )


def _not_closed(field: str, code: str, known: Container[str], all_: Known) -> None:
    if code not in known and f"{field}:{code}" in all_.closed:
        raise Invalid("mandates.closed", "“%(name)s”已经终止，请改用现行的。", name=code[:40], field=field)
