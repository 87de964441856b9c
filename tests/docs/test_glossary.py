"""The words of GLOSSARY.md are words of the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(
    r"^\| ([^|]+?) \| `([^`]+)` \| ([^|]+?) \| ([^|]+?) \|$", (ROOT / "GLOSSARY.md").read_text(), re.M
)
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("*.py", "*.yaml")
    for path in (ROOT / "src" / "gongzhi").rglob(pattern)
    if "tests" not in path.parts
)


def test_the_glossary_has_rows_and_names_each_concept_once() -> None:
    assert len(ROWS) > 20
    identifiers = [identifier for _, identifier, _, _ in ROWS]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(("chinese", "identifier", "meaning", "source"), ROWS, ids=[row[1] for row in ROWS])
def test_each_word_is_a_word_of_the_code(chinese: str, identifier: str, meaning: str, source: str) -> None:
    assert re.search(rf"\b{re.escape(identifier)}\b", SOURCE), (
        f"{identifier} ({chinese}) is nowhere in the code"
    )
    assert meaning
    assert source
