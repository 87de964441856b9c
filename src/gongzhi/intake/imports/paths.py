"""The path of a row in a tree (area, organisation, category): steps from the top, each with code, name and kind. Pure."""

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from gongzhi.intake.imports.mapping import FileMapping, Tree
from gongzhi.kernel.refusals import Invalid

_PLAIN = re.compile(r"[^a-z0-9]+")
_DIGEST_LETTERS = 8
CODE_LENGTHS = {"area": 32, "organisation": 40, "category": 24}


class Step(NamedTuple):
    code: str
    name: str
    english: str
    kind: str


Path = tuple[Step, ...]


class Paths:
    """The paths of one tree; rows with the same words in its columns are looked at once."""

    def __init__(self, tree: Tree, *, code_length_max: int) -> None:
        self._levels, self._code_length_max = tree.levels, code_length_max
        picks = [pick for level in tree.levels for pick in (level.name, level.code, level.english) if pick]
        self._columns = tuple(dict.fromkeys(column for pick in picks for column in pick.columns))
        self._known: dict[tuple[str, ...], Path | Invalid] = {}

    def of(self, row: Mapping[str, str]) -> Path:
        """As far as the row goes: the first step without a name ends it. Raises Invalid."""
        key = tuple([row.get(column, "") for column in self._columns])
        found = self._known.get(key)
        if found is None:
            try:
                found = self._walk(row)
            except Invalid as refusal:
                found = refusal
            self._known[key] = found
        if isinstance(found, Invalid):
            raise found
        return found

    def _walk(self, row: Mapping[str, str]) -> Path:
        steps: list[Step] = []
        names: list[str] = []
        for level in self._levels:
            name = level.name.value(row)
            if not name:
                break
            names.append(name)
            code = level.code.value(row) if level.code else ""
            code = code or derived_code(names, length_max=self._code_length_max)
            english = level.english.value(row) if level.english else name
            steps.append(Step(code, name, english, level.kind))
        return tuple(steps)


def derived_code(names: list[str], *, length_max: int) -> str:
    """The same names always give the same code: readable start where letters allow, digest for uniqueness."""
    digest = hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:_DIGEST_LETTERS]
    slug = _PLAIN.sub("-", names[-1].lower()).strip("-")[: length_max - _DIGEST_LETTERS - 1].strip("-")
    return f"{slug}-{digest}" if slug else f"x{digest}"


def trees(mapping: FileMapping) -> dict[str, Tree]:
    """The trees a mapping describes by levels."""
    given = {"area": mapping.area, "organisation": mapping.organisation, "category": mapping.category}
    return {name: tree for name, tree in given.items() if tree is not None and tree.levels}


def paths_of(mapping: FileMapping) -> dict[str, Paths]:
    """A reader of paths for each of them."""
    return {name: Paths(tree, code_length_max=CODE_LENGTHS[name]) for name, tree in trees(mapping).items()}
