"""What README.md promises exists: its links, its make targets, its commands."""

import re
from pathlib import Path

import pytest

from gongzhi.cli.imports import KINDS
from gongzhi.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_make_targets_and_commands_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)`?", text):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for command in re.findall(r"`gongzhi ([a-z]+)", text):
        assert command in COMMANDS, command
    kinds = re.search(r"gongzhi import ([a-z\\|]+) FILE", text)
    assert kinds
    assert set(kinds[1].replace("\\", "").split("|")) <= set(KINDS)
