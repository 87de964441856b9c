"""Files that propose rules → rules. A file with one wrong row proposes nothing: it is refused with the rows and why."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from gongzhi.calendar.holidays import Holidays, YearTable
from gongzhi.indicators import formulas
from gongzhi.indicators.formulas import Formula
from gongzhi.kernel.refusals import Invalid
from gongzhi.mandates import importing
from gongzhi.mandates import queries as mandates
from gongzhi.mandates.importing import MandateRow, Reject
from gongzhi.mandates.table import Entry, MandateTable, build
from gongzhi.parties.models import Organisation
from gongzhi.timetable import reading

KINDS = ("mandates", "holidays", "formula")
_SPACE = UUID("8b1ff3f6-6f0e-4a55-9d43-2f6b1f2d5a10")


class Rejected(Invalid):
    """Rows of a proposed list that cannot be read, each with its reason."""

    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is not proposed stays as it is. files: kind → SHA-256 of what was read. whole: the list replaces the one in
    force; else its rows are added to it or take the place of those with the same key."""

    mandates: tuple[MandateRow, ...] | None = None
    whole: bool = True
    years: tuple[YearTable, ...] = ()
    formulas: Mapping[str, Formula] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def read(files: Mapping[str, tuple[str, str]], *, whole: bool = True) -> Proposal:
    """kind → (file name, text). Raises Rejected, Invalid."""
    if not files:
        raise Invalid("lab.nothing_proposed", "请至少选择一个要推演的文件。", field="mandates")
    found = Proposal(
        whole=whole,
        files={kind: hashlib.sha256(text.encode()).hexdigest() for kind, (_, text) in sorted(files.items())},
    )
    for kind, (name, text) in files.items():
        if kind == "mandates":
            found = replace(found, mandates=rows(importing.parse(text, name=name)))
        elif kind == "holidays":
            found = replace(found, years=tuple(reading.read_years(text)))
        elif kind == "formula":
            found = replace(found, formulas=_formulas(text))
    return found


def rows(raw: Sequence[tuple[int, Mapping[str, object]]]) -> tuple[MandateRow, ...]:
    """Raises Rejected with every row that is wrong."""
    good, bad = importing.read(raw, mandates.known())
    if bad:
        problem = Rejected(
            "lab.rejected_rows", "有 %(count)s 行有误，请改正后重新推演。", field="mandates", count=len(bad)
        )
        problem.rejects = tuple(bad)
        raise problem
    return tuple(good)


def _formulas(text: str) -> Mapping[str, Formula]:
    """The newest version of each rate in the file."""
    try:
        found = {code: versions[-1] for code, versions in formulas.read(text).items()}
    except Exception as error:  # a hand-written file: YAML, keys, types and numbers may all be wrong
        raise Invalid(
            "lab.formula_unreadable",
            "公式文件无法读取：%(reason)s。",
            field="formula",
            reason=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        ) from None
    unknown = sorted(set(found) - set(formulas.published()))
    if unknown or not found:
        raise Invalid(
            "lab.formula_unknown", "公式文件中没有已发布的指标，可用：%(codes)s。", field="formula",
            codes="、".join(formulas.published()),
        )  # fmt: skip
    return found


def table(proposal: Proposal, present: MandateTable, *, at: datetime) -> MandateTable:
    """The list as it would be in force. One query."""
    if proposal.mandates is None:
        return present
    codes = {row.organisation for row in proposal.mandates}
    units = {one.code: one for one in Organisation.objects.filter(code__in=codes, ended_at__isnull=True)}
    proposed = [_entry(row, units[row.organisation], at) for row in proposal.mandates]
    named = {_key(entry) for entry in proposed}
    kept = () if proposal.whole else (entry for entry in present.entries if _key(entry) not in named)
    return build(
        version=present.version,
        entries=(*kept, *proposed),
        categories=present.categories,
        area_names=present.area_names,
    )


def holidays(proposal: Proposal, present: Holidays) -> Holidays:
    """Proposed years take the place of those loaded."""
    if not proposal.years:
        return present
    years = {**present.years, **{year.year: year for year in proposal.years}}
    return Holidays.of(years.values())


def _key(entry: Entry) -> tuple[object, ...]:
    return (entry.item, entry.organisation_id, entry.area_path, entry.category, entry.role)


def _entry(row: MandateRow, unit: Organisation, at: datetime) -> Entry:
    return Entry(
        id=uuid5(_SPACE, "|".join(row.key)),
        item=row.item,
        title=row.title,
        organisation_id=unit.id,
        organisation=unit.name,
        kind=unit.kind,
        area_path=row.area_path,
        category=row.category,
        role=row.role,
        part=row.part,
        basis=row.basis,
        basis_until_on=row.basis_until_on.isoformat() if row.basis_until_on else "",
        valid_from=row.valid_from or at,
        valid_until=row.valid_until,
        response=row.response,
        handling=row.handling,
    )
