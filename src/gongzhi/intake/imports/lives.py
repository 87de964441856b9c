"""A row → the life of a matter: its report, who led, when it was due, when it ended. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gongzhi.intake.imports.decoding import damaged
from gongzhi.intake.imports.establishing import Established
from gongzhi.intake.imports.lines import Line
from gongzhi.intake.imports.mapping import FileMapping, Tree
from gongzhi.intake.preparing import prepare
from gongzhi.intake.raw import EARLIEST_YEAR, RawReport
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.mandates.reasons import Reason
from gongzhi.mandates.rules import Route
from gongzhi.matters.reports import TITLE_LETTERS_MAX, Life

_YES = frozenset(("1", "yes", "true", "y", "是"))
_OUTCOMES = ("", "solved", "partly", "explained")
_REPLY_LETTERS_MAX = 10_000
_TARGET_AHEAD_MAX = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Past:
    """A life with what the source said beside it. closed_at is the source's own time, even where it cannot be true."""

    row: int
    life: Life
    external_id: str
    status: str
    opened_at: datetime
    target_at: datetime | None
    closed_at: datetime | None
    kept: Mapping[str, str]


def past_of(
    line: Line, mapping: FileMapping, *, established: Established, snapshots: Snapshots, at: datetime
) -> Past:
    """Raises Invalid (what the row says cannot be read) with the column, InvalidForm (what it says cannot be true)."""
    if damaged("".join(line.values.values())):
        harmed = next(column for column, text in line.values.items() if damaged(text))
        raise Invalid("intake.damaged_text", "文字编码已损坏，无法还原。", field=harmed)
    said = {name: pick.value(line.values) for name, pick in mapping.fields.items()}
    times = {
        name: _instant(name, said, mapping)
        for name in ("opened_at", "dispatched_at", "target_at", "closed_at")
    }
    opened_at, target_at, closed_at = times["opened_at"], times["target_at"], times["closed_at"]
    if not said["external_id"]:
        raise _empty("external_id", mapping)
    if opened_at is None:
        raise _empty("opened_at", mapping)
    _judge_times(times, mapping, at)
    raw = _raw(line, said, mapping, established, snapshots, opened_at)
    organisation = _organisation(line, mapping, established)
    lead = _route(mapping.source, organisation, str(raw.category), established, snapshots)
    report = prepare(raw, snapshots, at, lead=lead)
    if said.get("outcome", "") not in _OUTCOMES:
        raise Invalid(
            "intake.unknown_value",
            "“%(value)s”不在对照表中，或不合格式。",
            field=_column("outcome", mapping),
            value=said["outcome"][:60],
        )
    life = Life(
        report=report,
        organisation_id=organisation,
        dispatched_at=_not_before(times["dispatched_at"], opened_at),
        target_at=target_at,
        closed_at=_not_before(closed_at, opened_at),
        outcome=said.get("outcome", ""),
        reply=said.get("reply", "")[:_REPLY_LETTERS_MAX],
    )
    kept = {column: line.values[column] for column in mapping.keep if line.values[column]}
    return Past(
        line.row, life, report.external_id, said.get("status", "")[:40], opened_at, target_at, closed_at, kept
    )


def _raw(
    line: Line,
    said: Mapping[str, str],
    mapping: FileMapping,
    established: Established,
    snapshots: Snapshots,
    opened_at: datetime,
) -> RawReport:
    here = not (mapping.place_unknown and mapping.place_unknown.value(line.values).lower() in _YES)
    return RawReport(
        text=said.get("text") or said.get("title", ""),
        title=said.get("title", "")[:TITLE_LETTERS_MAX],
        category=_code("category", mapping.category, line, established, snapshots.categories.nodes),
        channel=said.get("channel") or "import",
        address=said.get("address", ""),
        area=_code("area", mapping.area, line, established, snapshots.areas),
        lon=said.get("lon") if here else None,
        lat=said.get("lat") if here else None,
        system=mapping.coordinates,
        phone=said.get("phone", ""),
        name=said.get("name", ""),
        confidential=said.get("confidential", "").lower() in _YES,
        urgency=said.get("urgency") or "normal",
        language=mapping.language,
        origin=mapping.source,
        external_id=said["external_id"],
        source=f"{mapping.source}:{line.row}",
        opened_at=opened_at,
    )


def _code(
    name: str, tree: Tree | None, line: Line, established: Established, known: Mapping[str, Any]
) -> str:
    if tree is None:
        return ""
    if tree.code is not None:
        return tree.code.value(line.values)
    path = established.readers[name].of(line.values)
    found = established.code(name, path, known)
    if path and not found:
        raise Invalid(
            "intake.not_registered",
            "“%(value)s”尚未登记。",
            field=tree.levels[0].name.columns[0] if tree.levels[0].name.columns else "",
            value=path[-1].name[:60],
        )
    return found


def _route(
    source: str, organisation: UUID | None, category: str, established: Established, snapshots: Snapshots
) -> Route | None:
    """That the source says who led; None: the responsibility list is asked."""
    node = snapshots.categories.get(category)
    if organisation is None or node is None:
        return None
    name = established.names[organisation]
    reason = Reason("imported", {"zh": node.zh, "en": node.en, "organisation": name, "source": source})
    return Route("led", organisation, None, reason, None, None)


def _organisation(line: Line, mapping: FileMapping, established: Established) -> UUID | None:
    tree = mapping.organisation
    code = _code("organisation", tree, line, established, established.organisations)
    if not code:
        return None
    if code not in established.organisations:
        column = tree.code.columns[0] if tree and tree.code and tree.code.columns else ""
        raise Invalid("intake.not_registered", "“%(value)s”尚未登记。", field=column, value=code[:60])
    return established.organisations[code]


def _instant(name: str, said: Mapping[str, str], mapping: FileMapping) -> datetime | None:
    return mapping.times.instant(said.get(name, ""), _column(name, mapping))


def _judge_times(times: Mapping[str, datetime | None], mapping: FileMapping, at: datetime) -> None:
    for name, found in times.items():
        if found is None:
            continue
        latest = at + _TARGET_AHEAD_MAX if name == "target_at" else at
        if found > latest:
            raise Invalid("intake.in_the_future", "时间晚于现在，请核对。", field=_column(name, mapping))
        if found.year < EARLIEST_YEAR:
            raise Invalid(
                "intake.long_ago",
                "时间早于 %(year)s 年，请核对。",
                field=_column(name, mapping),
                year=str(EARLIEST_YEAR),
            )
    opened_at = times["opened_at"]
    for name in ("dispatched_at", "closed_at"):
        ended = times[name]
        if opened_at and ended and ended < opened_at and mapping.reversed_times == "reject":
            raise Invalid("intake.before_opening", "时间早于提出时间，请核对。", field=_column(name, mapping))


def _not_before(ended: datetime | None, opened_at: datetime) -> datetime | None:
    return None if ended is None else max(ended, opened_at)


def _column(name: str, mapping: FileMapping) -> str:
    pick = mapping.fields.get(name)
    return pick.columns[0] if pick and pick.columns else name


def _empty(name: str, mapping: FileMapping) -> Invalid:
    return Invalid("intake.empty_cell", "不能为空。", field=_column(name, mapping))


def in_columns(refusal: InvalidForm, mapping: FileMapping) -> tuple[str, Refusal]:
    """The first wrong field of a report as (source column, its refusal)."""
    name, first = next(iter(refusal.errors.items()))
    trees = {"category": mapping.category, "area": mapping.area}
    tree = trees.get(name)
    if tree is not None:
        pick = tree.code or tree.levels[-1].name
        return (pick.columns[0] if pick.columns else name), first
    return _column(name, mapping), first
