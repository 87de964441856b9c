"""The folders of one superior in the home folder."""

from pathlib import Path

from gongzhi.installation.home import home

IN, OUT, DONE, REJECTS = "in", "out", "done", "rejects"


def place(code: str, name: str) -> Path:
    """Made when it is not there, closed to others. code: checked when the superior was added, names no path."""
    top = _top()
    for folder in (top, top / code, top / code / name):
        folder.mkdir(mode=0o700, exist_ok=True)
    return top / code / name


def _top() -> Path:
    return home().path / "superiors"
