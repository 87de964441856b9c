"""A matter before it is written: every column worked out, so that writing many is one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from gongzhi.access.once import once
from gongzhi.access.prepared import fetch
from gongzhi.acts.inserting import Rows, insert_rows
from gongzhi.catalogue.procedure import Procedure, State
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import clocks, map, routes
from gongzhi.matters.models import ClockRun
from gongzhi.matters.reports import Report
from gongzhi.timetable.queries import Timetable

_PROCEDURES = "SELECT code, version, id FROM catalogue_procedureversion WHERE code = ANY(%s::text[])"
_MATTER = (
    *("id", "number", "kind", "category_id", "procedure_id", "state", "stage", "area_id", "area_path"),
    *(
        "lon",
        "lat",
        "cell",
        "lead_id",
        "handler_id",
        "reporter_id",
        "channel",
        "urgency",
        "confidential",
        "accused_unit_id",
        "accused_account_id",
    ),
    *("opened_at", "due_at", "closed_at", "version", "origin", "external_id"),
)
_WORDS = ("matter_id", "title", "text", "address", "place_state", "anonymous", "language", "source")
_ROUTING = (
    *("id", "matter_id", "at", "by", "organisation_id", "state", "mandate_id", "reason", "response"),
    *("handling", "candidates", "assistants", "supervisors", "table_version"),
)
_COMPLAINT = ("id", "matter_id", "at", "by", "unit_id", "account_id", "text")
_CLOCK = (
    *("id", "matter_id", "code", "started_at", "limit_value", "limit_unit", "always", "bearer_id", "pauses"),
    *("extensions", "due_at", "unpublished_year", "promised", "stopped_at", "next_step_at", "steps"),
)


class Ticking(NamedTuple):
    """A clock that runs from birth: its columns without the two ids. Equal for all that are born together."""

    columns: tuple[Any, ...]
    due_at: datetime | None

    @classmethod
    def of(cls, run: ClockRun) -> "Ticking":
        columns = (
            *(run.code, run.started_at, run.limit_value, run.limit_unit, run.always, run.bearer_id),
            *(run.pauses, run.extensions, run.due_at, run.unpublished_year),
            *(run.promised, run.stopped_at, run.next_step_at, run.steps),
        )
        return cls(columns, run.due_at if run.stopped_at is None else None)


Nursery = dict[tuple[Any, ...], tuple[Ticking, ...]]


@dataclass(slots=True, kw_only=True)
class Newborn:
    """state, lead and times are those it is born with: the initial ones, or where an imported life has got to."""

    id: UUID
    number: str
    report: Report
    procedure_id: UUID
    reporter_id: UUID | None
    opened_at: datetime
    state: State
    clocks: tuple[Ticking, ...] = ()
    lead_id: UUID | None = None
    closed_at: datetime | None = None
    version: int = 1
    cell: int | None = None

    @property
    def due_at(self) -> datetime | None:
        dues = [clock.due_at for clock in self.clocks if clock.due_at is not None]
        return None if self.closed_at else min(dues, default=None)

    @property
    def place(self) -> map.Place | None:
        report = self.report
        if self.closed_at or report.confidential or any(_accused(report)) or self.cell is None:
            return None
        return self.cell, report.area_path, self.lead_id


def procedure_ids(procedures: Iterable[Procedure]) -> dict[tuple[str, int], UUID]:
    """(code, version) → id of each published procedure. Raises NotFound for one that is not published."""
    wanted = {(procedure.code, procedure.version) for procedure in procedures}
    codes = sorted({code for code, _ in wanted})
    rows = once(f"matters.procedures {codes}", lambda: fetch(_PROCEDURES, [codes]))
    found: dict[tuple[str, int], UUID] = {(code, version): id_ for code, version, id_ in rows}
    missing = wanted - set(found)
    if missing:
        code, version = min(missing)
        raise NotFound(
            "catalogue.no_procedure",
            "没有找到程序“%(procedure)s”的第 %(version)s 版，请先用 gongzhi import catalogue 发布。",
            procedure=code,
            version=version or "—",
        )
    return found


def born(
    report: Report,
    *,
    number: str,
    procedure_id: UUID,
    reporter_id: UUID | None,
    at: datetime,
) -> Newborn:
    """A matter in its initial state, without clocks yet."""
    procedure, opened_at = report.procedure, report.opened_at or at
    return Newborn(
        id=ids.uuid7(opened_at),
        number=number,
        report=report,
        procedure_id=procedure_id,
        reporter_id=reporter_id,
        opened_at=opened_at,
        state=procedure.state(procedure.initial),
        cell=map.cell_of(report.lon, report.lat),
    )


def wind_up(birth: Newborn, timetable: Timetable, nursery: Nursery) -> None:
    """Start the clocks that start with a matter. nursery: what was worked out for others of this batch."""
    report, route = birth.report, birth.report.route
    procedure = report.procedure
    limits = (route.response, route.handling) if route else (None, None)
    alike = (procedure.code, procedure.version, birth.opened_at, *limits)
    if alike not in nursery:
        nursery[alike] = tuple(
            Ticking.of(
                clocks.started(
                    procedure.clock(move.clock),
                    matter_id=birth.id,
                    at=birth.opened_at,
                    limits=routes.limits(route),
                    bearer_id=None,
                    procedure=procedure,
                    timetable=timetable,
                )
            )
            for move in procedure.clock_moves("open", from_state="", to_state=procedure.initial)
            if move.kind == "start"
        )
    birth.clocks = nursery[alike]


def insert(births: Sequence[Newborn], *, by: str) -> None:
    """One statement however many: matters, words, routings, clocks, map."""
    clocks = (
        (ids.uuid7(birth.opened_at), birth.id, *clock.columns) for birth in births for clock in birth.clocks
    )
    insert_rows(
        Rows("matters_matter", _MATTER, (_matter_row(birth) for birth in births)),
        Rows("matters_mattertext", _WORDS, (_words_row(birth) for birth in births)),
        Rows("matters_routing", _ROUTING, (_routing_row(birth, by) for birth in births)),
        Rows("matters_clockrun", _CLOCK, clocks),
        Rows("matters_complaint", _COMPLAINT, _complaints(births, by)),
        map.changes(birth.place for birth in births),
    )


def _matter_row(birth: Newborn) -> tuple[Any, ...]:
    report = birth.report
    return (
        *(birth.id, birth.number, report.kind, report.category_id, birth.procedure_id),
        *(birth.state.code, birth.state.stage, report.area_id, report.area_path),
        *(report.lon, report.lat, birth.cell, birth.lead_id, None, birth.reporter_id),
        *(report.channel, report.urgency, report.confidential, *_accused(report)),
        *(birth.opened_at, birth.due_at, birth.closed_at, birth.version),
        *(report.origin, report.external_id),
    )


def _accused(report: Report) -> tuple[UUID | None, UUID | None]:
    accused = report.accused
    return (accused.unit_id, accused.account_id) if accused else (None, None)


def _complaints(births: Sequence[Newborn], by: str) -> Iterable[tuple[Any, ...]]:
    for birth in births:
        if accused := birth.report.accused:
            yield (
                *(ids.uuid7(birth.opened_at), birth.id, birth.opened_at, by),
                *(accused.unit_id, accused.account_id, accused.words),
            )


def _words_row(birth: Newborn) -> tuple[Any, ...]:
    report = birth.report
    return (
        *(birth.id, report.title, report.text, report.address, report.place_state),
        *(report.anonymous, report.language, report.source),
    )


def _routing_row(birth: Newborn, by: str) -> tuple[Any, ...]:
    found = routes.columns(birth.report.route)
    return (
        *(ids.uuid7(birth.opened_at), birth.id, birth.opened_at, by, found["organisation_id"]),
        *(found["state"], found.get("mandate_id"), found["reason"]),
        *(found.get("response"), found.get("handling"), found.get("candidates", [])),
        *(found.get("assistants", []), found.get("supervisors", []), found.get("table_version", 0)),
    )
