"""docs/settings.md names every environment variable of the code, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.M))
OURS = re.compile(r"(GONGZHI_[A-Z_]*[A-Z]|DATABASE_URL|DJANGO_SETTINGS_MODULE|PORT)")
# A prefix completed at run time (smtp.py): the whole names are in its docstring and here.
COMPLETED = {"GONGZHI_SMTP_": ("HOST", "FROM")}


def _literals(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _used() -> set[str]:
    files = [path for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts] + [
        ROOT / "conftest.py"
    ]
    found = {word for path in files for word in _literals(path.read_text("utf-8")) if OURS.fullmatch(word)}
    return found | {prefix + ending for prefix, endings in COMPLETED.items() for ending in endings}


def test_every_variable_of_the_code_is_on_the_page_and_no_other() -> None:
    used = _used()
    assert used - NAMED == set()
    assert NAMED - used == set()


def test_a_prefix_completed_at_run_time_is_completed_with_the_same_names() -> None:
    source = (ROOT / "src/gongzhi/notices/adapters/mail/smtp.py").read_text("utf-8")
    assert set(re.findall(r'_setting\("([A-Z]+)"\)', source)) == set(COMPLETED["GONGZHI_SMTP_"])


def test_the_operators_page_repeats_no_default_that_differs() -> None:
    rows = re.compile(r"^\| `([A-Z_]+)` \| .*? \| ([^|]*) \|$", re.M)
    here = dict(rows.findall(PAGE))
    there = dict(rows.findall((ROOT / "docs" / "operating.md").read_text("utf-8")))
    assert [name for name, default in there.items() if here.get(name) != default] == []
