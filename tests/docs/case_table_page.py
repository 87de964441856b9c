"""Writes docs/case-table.md from the shipped case procedure: `python -m tests.docs.case_table_page`."""

from collections.abc import Iterator
from pathlib import Path

from gongzhi.catalogue import shipped, table
from gongzhi.catalogue.procedure import Procedure, Who
from gongzhi.catalogue.table import Line
from gongzhi.grants.roles import ROLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "case-table.md"
HEAD = """# The case procedure, written out

What may happen to a case: in which state, by whom, who else must differ from them, what it does to every clock, and
what the reporter is told. The desk shows the same table, in both languages, under *Procedures*. A clock that is not
named goes on as it was.

This page is written by `python -m tests.docs.case_table_page`; a test compares it with the procedure.
"""
_MOVES = {
    "start": "▶ {} starts",
    "stop": "■ {} stops",
    "pause": "⏸ {} rests",
    "resume": "⏵ {} goes on",
    "continue": "⏵ {} goes on as if never stopped",
}


def page() -> str:
    """The whole page."""
    [procedure] = [found for found in shipped.read_procedures() if found.code == "case"]
    return "\n".join([HEAD, *_clocks(procedure), *_states(procedure)]) + "\n"


def _clocks(procedure: Procedure) -> Iterator[str]:
    yield "## Clocks\n"
    yield "| clock | limit | of | basis |"
    yield "|---|---|---|---|"
    for clock in procedure.clocks:
        source = "" if clock.limit == "own" else f"{clock.limit}, else "
        whose = f"each {clock.per}" if clock.per else ("the person's promise" if clock.promised else "")
        basis = f"{clock.basis.text.zh}（{clock.basis.since_on}）"
        limit = f"{source}{clock.value} {clock.unit}"
        yield f"| {clock.titles.zh} {clock.titles.en} `{clock.code}` | {limit} | {whose} | {basis} |"
    yield ""


def _states(procedure: Procedure) -> Iterator[str]:
    rows = table.lines(procedure)
    for state in procedure.states:
        yield f"## {state.titles.zh} · {state.titles.en} `{state.code}`\n"
        yield f"The reporter reads: {state.public.zh}\n"
        yield "| verb | who | second person | leads to | clocks | the reporter is told |"
        yield "|---|---|---|---|---|---|"
        for row in rows:
            if row.state == state.code:
                yield f"| {' | '.join(_cells(procedure, row))} |"
        yield ""


def _cells(procedure: Procedure, row: Line) -> Iterator[str]:
    when = f" when {row.field} = {row.value}" if row.field else f" if `{row.guard}`" if row.guard else ""
    guards = "".join(f" `{name}`" for name in row.guards)
    yield f"{row.titles.zh} `{row.verb}`{when}{'; holds:' + guards if guards else ''}"
    yield ", ".join(_who(who) for who in row.who)
    yield ", ".join(f"another {second.differs} than `{second.verb}`" for second in row.second_person)
    yield "stays" if row.to_state == row.state else procedure.state(row.to_state).titles.zh
    clocks = [(procedure.clock(move.clock).titles.zh, move.kind) for move in row.clocks]
    yield "<br>".join(_MOVES[kind].format(title) for title, kind in clocks)
    yield row.tells.zh


def _who(who: Who) -> str:
    return f"{ROLES[who.role].zh} ({who.relation})" if who.role else who.relation


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
