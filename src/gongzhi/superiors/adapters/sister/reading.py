"""What the superior installation says of the matters it gave us: its states and facts, as rows of our own field names.

Read by version: a matter that has not moved there costs nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.superiors.adapters.shapes import Fetched, Known, Line, TheirFile, Unreachable
from gongzhi.superiors.adapters.sister.calling import ask, read, said, skew_seconds

_PAGE = 200
_PAGES_MAX = 50
_FILES_MAX = 20
_OURS = ("assigned", "handling")  # before that it is not given to us, after that it is answered
Case = Mapping[str, Any]


def fetch(line: Line, known: Sequence[Known], at: datetime) -> Fetched:
    """Every matter our unit may see there whose version is new, and what became of those that are out of sight."""
    have = {one.number: one for one in known}
    try:
        items, skew = _listed(line, at)
        listed = {row["number"]: str(row["version"]) for row in items}
        rows: list[Mapping[str, str]] = []
        versions: dict[str, str] = {}
        files: list[TheirFile] = []
        for number, version in listed.items():
            if number in have and have[number].version == version:
                continue
            case = read(line, f"/matters/{number}")
            if case is not None:
                rows += _rows(case, new=number not in have)
                versions[number] = version
                files += _files(case, number)
        for one in known:
            if one.number not in listed and one.version != "gone":
                rows.append(_gone(one, at))
                versions[one.number] = "gone"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable("not the agreed shape") from error
    return Fetched(rows=tuple(rows), versions=versions, files=tuple(files), skew_seconds=skew)


def _listed(line: Line, at: datetime) -> tuple[list[Mapping[str, Any]], int | None]:
    after, items, skew = "", list[Mapping[str, Any]](), None
    for _ in range(_PAGES_MAX):
        answer = ask(line, f"/matters?order=newest&limit={_PAGE}&after={after}")
        if answer is None:
            raise Unreachable("HTTP 404")
        page = said(answer)
        skew = skew_seconds(answer, at) if skew is None else skew
        items += page["items"]
        after = page["next"]
        if not after:
            break
    return items, skew


def _files(case: Case, number: str) -> Iterator[TheirFile]:
    """What came with the report; what we sent there ourselves has another purpose."""
    for file in case["files"][:_FILES_MAX]:
        if file["purpose"] == "report":
            yield TheirFile(number, str(UUID(file["id"])), str(file["name"]))


def _rows(case: Case, *, new: bool) -> Iterator[Mapping[str, str]]:
    """Its facts in their order of time; the order itself first."""
    header, due = case["header"], _due(case)
    state = header["state_titles"]["zh"]
    told = {"number": header["number"], "state": state}
    if due and header["state"] in _OURS:
        yield {
            **told,
            "kind": "order",
            "message": f"{header['number']}:{header['version']}",
            "due_at": due,
            "title": header["title"],
            "text": case["text"],
            "address": case["address"],
            "category": header["category"],
            "urgency": header["urgency"],
            "lon": "" if header["lon"] is None else str(header["lon"]),
            "lat": "" if header["lat"] is None else str(header["lat"]),
            "confidential": "true" if header["confidential"] else "false",
        }
    if not new:
        yield from (_fact_row(fact, case, told, due) for fact in case["facts"] if _concerns_us(fact))


def _concerns_us(fact: Mapping[str, Any]) -> bool:
    if fact["kind"] in ("return_request", "extension_request"):
        return bool(fact["values"]["decision"])
    return fact["kind"] in ("rework", "reopening", "closure")


def _fact_row(fact: Mapping[str, Any], case: Case, told: Mapping[str, str], due: str) -> Mapping[str, str]:
    values, kind = fact["values"], fact["kind"]
    row = {**told, "message": f"{fact['id']}", "due_at": due}
    if kind in ("return_request", "extension_request"):
        about = kind.partition("_")[0]
        return {**row, "kind": f"{about}_{values['decision']}", "reason": values["ruling"]}
    if kind == "closure":
        return {**row, "kind": "closed", "reason": values["note"], **_heard(case)}
    return {**row, "kind": "sent_back", "reason": values["reason"]}


def _heard(case: Case) -> dict[str, str]:
    """What the superior's call-back, or else the person's own appraisal, says."""
    judged = [
        fact for fact in case["facts"] if fact["kind"] in ("call_back", "appraisal") and not fact["ended_at"]
    ]
    if not judged:
        return {}
    values = judged[-1]["values"]
    return {
        name: str(values[name]).lower()
        for name in ("contacted", "solved", "level")
        if values.get(name) is not None
    }


def _due(case: Case) -> str:
    """The promise to the person; while it rests, when it was or the nearest of all."""
    clocks = [clock for clock in case["clocks"] if clock["status"] != "stopped" and clock["due_at"]]
    running = [clock["due_at"] for clock in clocks if clock["code"] in ("handling", "rework")]
    return str(min(running, default=case["header"]["due_at"] or ""))


def _gone(one: Known, at: datetime) -> Mapping[str, str]:
    """Out of our sight: given back as we asked, or taken away."""
    kind = "return_granted" if one.asked else "cancelled"
    return {"kind": kind, "number": one.number, "message": f"{one.number}:gone:{one.version}"}
