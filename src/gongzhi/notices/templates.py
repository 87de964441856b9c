"""Templates as data: strict placeholders, both languages, versions that never change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "data" / "templates.yaml"
LANGUAGES = ("zh-hans", "en")
VALUE_MAX = 2000
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_FIELDS = {"code", "version", "about", "takes", *LANGUAGES}


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """takes: every placeholder the words may hold, no more and no fewer must be given."""

    code: str
    version: int
    takes: frozenset[str]
    words: Mapping[str, Words]


def rendered(template: Template, language: str, values: Mapping[str, str]) -> Words:
    """The words with their values. A value is text and stays text: braces in it are not filled again, control and
    direction characters go, a title has one line. Raises ValueError for missing or unknown values."""
    if set(values) != template.takes:
        odd = sorted(set(values) ^ template.takes)
        raise ValueError(f"template {template.code} takes {sorted(template.takes)}; wrong: {odd}")
    words = template.words[language if language in template.words else LANGUAGES[0]]
    clean = {name: _CONTROL.sub("", str(value))[:VALUE_MAX] for name, value in values.items()}
    title = _filled(words.title, clean)
    return Words(" ".join(title.split())[:200], _filled(words.body, clean))


def find(code: str, version: int | None = None) -> Template:
    """A template, its newest version unless one is named. Raises KeyError."""
    return published()[code][version or max(published()[code])]


@cache
def published() -> Mapping[str, Mapping[int, Template]]:
    """Every template by code and version, validated."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> dict[str, dict[int, Template]]:
    """Templates from YAML. Raises ValueError naming what is wrong with which."""
    found: dict[str, dict[int, Template]] = {}
    for entry in yaml.safe_load(text):
        template = _template(entry)
        versions = found.setdefault(template.code, {})
        if template.version in versions:
            raise ValueError(f"template {template.code}@{template.version} stands twice")
        versions[template.version] = template
    return found


def _template(entry: dict[str, Any]) -> Template:
    name = f"template {entry.get('code')}@{entry.get('version')}"
    if set(entry) != _FIELDS:
        raise ValueError(f"{name}: fields are {sorted(_FIELDS)}")
    takes = frozenset(entry["takes"])
    words = {language: Words(**entry[language]) for language in LANGUAGES}
    for language, said in words.items():
        used = set(_PLACEHOLDER.findall(said.title + said.body))
        if used - takes or not said.title or not said.body:
            raise ValueError(
                f"{name} {language}: empty, or placeholders {sorted(used - takes)} it does not take"
            )
        if "{" in _PLACEHOLDER.sub("", said.title + said.body):
            raise ValueError(f"{name} {language}: a brace that is no placeholder")
    unused = takes - set(_PLACEHOLDER.findall("".join(w.title + w.body for w in words.values())))
    if unused or not isinstance(entry["version"], int):
        raise ValueError(f"{name}: takes what it never says: {sorted(unused)}")
    return Template(entry["code"], entry["version"], takes, words)


def _filled(words: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], words)
