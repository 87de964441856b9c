"""A responsibility list from a file: CSV or YAML rows → checked rows and rejects, each with its reason."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml

from gongzhi.catalogue.categories import limit
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.kernel.refusals import Invalid
from gongzhi.mandates.models import PARTS, ROLES
from gongzhi.mandates.table import Limit

COLUMNS = (
    "item title organisation area category role part basis basis_until valid_from valid_until response handling".split()  # noqa: SIM905
)
_NEEDED = ("item", "title", "organisation", "category", "role", "basis")
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
    """What rows may refer to: organisation code → kind, area code → path, category codes."""

    organisations: Mapping[str, str]
    areas: Mapping[str, str]
    categories: frozenset[str]


def parse(text: str, *, name: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Numbered raw rows of a .csv or .yaml file. Raises Invalid when the file as a whole cannot be read."""
    if name.lower().endswith((".yaml", ".yml")):
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
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or [])]
    if missing:
        raise Invalid(
            "mandates.missing_columns", "文件缺少列：%(columns)s。首行应是列名。", columns="、".join(missing)
        )
    return [(reader.line_num, row) for row in reader]


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
            raise Invalid("mandates.unknown_column", "不认识的列“%(name)s”。", name=key, field=key)
    for key in _NEEDED:
        if not text.get(key):
            raise Invalid("mandates.empty", "“%(name)s”不能为空。", name=key, field=key)
    _listed("role", text["role"], ROLES)
    part = text.get("part") or "basic"
    _listed("part", part, PARTS)
    kind = known.organisations.get(text["organisation"])
    if kind is None:
        raise Invalid(
            "mandates.unknown_organisation",
            "没有代码为“%(name)s”的单位，请先导入单位。",
            name=text["organisation"],
            field="organisation",
        )
    if text["category"] not in known.categories:
        raise Invalid(
            "mandates.unknown_category",
            "没有代码为“%(name)s”的类别。",
            name=text["category"],
            field="category",
        )
    area = text.get("area", "")
    if area and area not in known.areas:
        raise Invalid(
            "mandates.unknown_area", "没有代码为“%(name)s”的区域，请先导入区域。", name=area, field="area"
        )
    if text["role"] == "lead" and part != "basic" and kind in _NOT_LEADING:
        raise Invalid(
            "mandates.cannot_lead", "配合事项和上级收回事项不得由街道（乡镇）、社区（村）主办。", field="part"
        )
    start, end = _day("valid_from", text), _day("valid_until", text)
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
        basis_until_on=_on("basis_until", text),
        valid_from=start,
        valid_until=end,
        response=_limit("response", text),
        handling=_limit("handling", text),
    )


def _listed(field: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise Invalid(
            "mandates.unknown_word",
            "“%(name)s”不是可用的值，可用：%(known)s。",
            name=value,
            known="、".join(known),
            field=field,
        )


def _on(field: str, text: Mapping[str, str]) -> date | None:
    value = text.get(field, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Invalid(
            "mandates.bad_date", "日期“%(name)s”应写成 2026-01-31。", name=value, field=field
        ) from None


def _day(field: str, text: Mapping[str, str]) -> datetime | None:
    day = _on(field, text)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) if day else None


def _limit(field: str, text: Mapping[str, str]) -> Limit | None:
    try:
        found = limit(text.get(field, ""))
    except ValueError:
        raise Invalid(
            "mandates.bad_limit",
            "时限“%(name)s”应写成“5 work_day”这样的数字加单位。",
            name=text[field],
            field=field,
        ) from None
    return Limit(*found) if found else None
