"""A public function of an actions module that changes a table records an act, or says why it need not.

Read from the source: a function writes if it, or a function of its room that it calls, uses a writing method of the
ORM, COPY, `insert_rows`, or SQL that changes rows; likewise for recording.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.architecture.house import SOURCE, modules, rooms, tree

WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "copy_rows",
    "insert_rows",
    "delete",
}
SQL = ("insert into", "update ", "delete from", "copy ")
RECORDS = {"record", "record_many"}
EXCUSED = "unrecorded"


@dataclass
class Function:
    calls: set[str] = field(default_factory=set)
    writes: bool = False
    records: bool = False
    excused: bool = False


def read(node: ast.FunctionDef) -> Function:
    found = Function(excused=any(EXCUSED in ast.unparse(mark) for mark in node.decorator_list))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            name = inner.func.attr if isinstance(inner.func, ast.Attribute) else getattr(inner.func, "id", "")
            found.calls.add(name)
            found.writes |= name in WRITES or (name == "update" and _on_rows(inner.func))
            found.records |= name in RECORDS
            found.calls |= {
                one.id
                for one in (*inner.args, *(k.value for k in inner.keywords))
                if isinstance(one, ast.Name)
            }
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.writes |= inner.value.strip().lower().startswith(SQL)
    return found


def _on_rows(called: ast.expr) -> bool:
    """`Model.objects.filter(…).update(…)`, not `dictionary.update(…)`."""
    text = ast.unparse(called)
    return ".objects" in text or ".filter(" in text or ".exclude(" in text


def functions(files: Iterator[Path]) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for file in files:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(read(node))
    return found


def reaches(
    name: str, known: Mapping[str, list[Function]], what: str, seen: frozenset[str] = frozenset()
) -> bool:
    for one in known.get(name, ()):
        if getattr(one, what) or any(
            reaches(called, known, what, seen | {name})
            for called in one.calls - seen - {name}
            if called in known
        ):
            return True
    return False


def actions(room: Path) -> Iterator[str]:
    """Public functions of modules named actions*, or of the folder actions."""
    for file in modules(room):
        inside = file.relative_to(SOURCE).parts
        if file.stem.startswith("actions") or "actions" in inside[:-1]:
            for node in tree(file).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield node.name


def silent(known: Mapping[str, list[Function]], names: Iterator[str]) -> list[str]:
    return [
        name
        for name in names
        if reaches(name, known, "writes")
        and not reaches(name, known, "records")
        and not any(one.excused for one in known[name])
    ]


@pytest.mark.parametrize(
    "room", [room for room in rooms() if room.name != "acts"], ids=lambda room: room.name
)
def test_every_action_that_changes_rows_records_an_act(room):
    assert silent(functions(modules(room)), actions(room)) == [], "record an act, or say @unrecorded(reason)"


def test_the_reading_finds_a_silent_action(tmp_path):
    file = tmp_path / "actions.py"
    file.write_text(
        "def loud():\n    _store()\n    record(verb='x')\n"
        "def quiet():\n    _store()\n"
        "def harmless(d):\n    d.update(a=1)\n"
        "@unrecorded('a cache')\ndef excused():\n    _store()\n"
        "def _store():\n    Thing.objects.filter(a=1).update(b=2)\n"
    )
    known = functions(iter([file]))
    assert silent(known, iter(["loud", "quiet", "harmless", "excused"])) == ["quiet"]
