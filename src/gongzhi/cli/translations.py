"""`gongzhi translations check|update|compile`: the English of every room, with Babel alone.

Each room (and each portal) keeps its hand-written English in `locale/en/LC_MESSAGES/django.po`. A message that two
rooms use is translated in either of them, and everywhere the same way: Django has one namespace for all.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from gongzhi.cli.messages import Message, messages_below

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
GROUPS = {"portals"}  # folders whose children are the rooms
_PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w*\}")
Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class English:
    """One translation as it stands in a room's po file."""

    file: Path
    line: int
    texts: tuple[str, ...]
    fuzzy: bool


@dataclass(slots=True)
class Book:
    """What the interface says in Chinese (`used`) and what the po files say in English (`known`)."""

    used: dict[Path, list[Message]] = field(default_factory=dict)
    known: dict[Key, list[English]] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    """Runs the command; returns the exit code (1 when `check` found something)."""
    parser = argparse.ArgumentParser(prog="gongzhi translations", description=__doc__)
    parser.add_argument("verb", choices=("check", "update", "compile"))
    chosen = parser.parse_args(arguments)
    if chosen.verb == "check":
        return _print(list(problems(PACKAGE)))
    changed = update(PACKAGE) if chosen.verb == "update" else compile_all(PACKAGE)
    for file in changed:
        print(file.relative_to(PACKAGE.parent))
    return 0


def problems(package: Path) -> Iterator[str]:
    """One line for each message without good English: missing, empty, fuzzy, other placeholders, two meanings."""
    book = read(package)
    seen: set[Key] = set()
    for room, messages in book.used.items():
        for message in messages:
            if message.key in seen:
                continue
            seen.add(message.key)
            where = f"{message.file.relative_to(package)}:{message.line}"
            if not message.text:
                yield f"{where}: an f-string cannot be translated; use %(name)s placeholders"
            elif message.key not in book.known:
                yield f"{where}: no English for {message.text!r} in {room.name}/{CATALOGUE}"
    for key, translations in book.known.items():
        yield from _judge(package, key, translations)


def update(package: Path) -> list[Path]:
    """Adds what is missing, with an empty msgstr, to the po file of the room that uses it; returns changed files."""
    book = read(package)
    changed = []
    for room, messages in book.used.items():
        missing = {m.key: m for m in messages if m.text and m.key not in book.known}
        if not missing:
            continue
        file = room / CATALOGUE
        catalogue = _parse(file) if file.exists() else Catalog(locale="en", charset="utf-8", fuzzy=False)
        for message in missing.values():
            text = (message.text, message.plural) if message.plural else message.text
            catalogue.add(text, context=message.context)
            book.known[message.key] = []
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_po(stream, catalogue, width=0, omit_header=True)
        changed.append(file)
    return changed


def compile_all(package: Path) -> list[Path]:
    """Writes django.mo beside every django.po; returns the files written. They are not committed."""
    written = []
    for room in rooms(package):
        source = room / CATALOGUE
        if source.exists():
            target = source.with_suffix(".mo")
            with target.open("wb") as stream:
                write_mo(stream, _parse(source))
            written.append(target)
    return written


def read(package: Path) -> Book:
    book = Book()
    for room in rooms(package):
        book.used[room] = list(messages_below(room))
        if (room / CATALOGUE).exists():
            for key, english in _translations(room / CATALOGUE):
                book.known.setdefault(key, []).append(english)
    return book


def rooms(package: Path) -> Iterator[Path]:
    """Every folder that keeps its own translations."""
    for folder in sorted(package.iterdir()):
        if folder.is_dir() and folder.name in GROUPS:
            yield from (child for child in sorted(folder.iterdir()) if (child / "__init__.py").exists())
        elif (folder / "__init__.py").exists():
            yield folder


def _parse(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale="en", charset="utf-8", abort_invalid=True)


def _translations(file: Path) -> Iterator[tuple[Key, English]]:
    for entry in _parse(file):
        if entry.id:
            text = entry.id if isinstance(entry.id, str) else entry.id[0]
            english = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
            yield (entry.context, text), English(file, entry.lineno or 0, english, entry.fuzzy)


def _judge(package: Path, key: Key, translations: list[English]) -> Iterator[str]:
    for english in translations:
        where = f"{english.file.relative_to(package)}:{english.line}"
        if not all(english.texts):
            yield f"{where}: {key[1]!r} has no English yet"
        elif english.fuzzy:
            yield f"{where}: {key[1]!r} is marked fuzzy"
        elif any(_placeholders(text) != _placeholders(key[1]) for text in english.texts):
            yield f"{where}: {key[1]!r} has other placeholders than {english.texts[0]!r}"
    if len({english.texts for english in translations}) > 1:
        places = ", ".join(str(e.file.relative_to(package).parents[3]) for e in translations)
        yield f"{key[1]!r} has different English texts in {places}"


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _print(lines: list[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    if lines:
        print(f"{len(lines)} problems. `gongzhi translations update` adds missing entries.", file=sys.stderr)
    return 1 if lines else 0
