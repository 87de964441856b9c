"""Writes docs/events.md from the @event classes: `python -m tests.architecture.events_page`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.house import ROOT, modules, tree

PAGE = ROOT / "docs" / "events.md"
HEAD = """# Events

What acts say. Every room declares its events in `events.py`; a payload is sealed as canonical JSON (RFC 8785) and read
for ever: an event changes only by a new version with an upcaster. This page is written by
`python -m tests.architecture.events_page`; a test compares it with the source.
"""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    type: str
    version: int
    words: str
    fields: tuple[tuple[str, str], ...]


def events() -> Iterator[Event]:
    """Every event in the source, by type."""
    for file in modules():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef):
                yield from _declared(node)


def _declared(node: ast.ClassDef) -> Iterator[Event]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) in ("event", "events.event"):
            version = next(ast.literal_eval(word.value) for word in mark.keywords if word.arg == "version")
            fields = tuple(
                (line.target.id, ast.unparse(line.annotation))
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            )
            words = " ".join((ast.get_docstring(node) or "").split())
            yield Event(ast.literal_eval(mark.args[0]), version, words, fields)


def page() -> str:
    parts, room = [HEAD.strip()], ""
    for event in sorted(events()):
        if event.type.split(".")[0] != room:
            room = event.type.split(".")[0]
            parts.append(f"## {room}")
        parts.append(_line(event))
    return "\n\n".join(parts) + "\n"


def _line(event: Event) -> str:
    said = ", ".join(f"`{name}` {kind.replace('|', 'or')}" for name, kind in event.fields) or "nothing more"
    return f"- **`{event.type}`** version {event.version}: {said}. {event.words}".rstrip()


def main(target: Path = PAGE) -> None:
    target.write_text(page())


if __name__ == "__main__":
    main()
