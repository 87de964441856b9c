"""The areas, organisations and categories a file names, registered where the mapping allows it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.catalogue import actions as catalogue
from gongzhi.catalogue import snapshot as categories
from gongzhi.catalogue.categories import CategoryRow
from gongzhi.catalogue.models import CategoryEdition
from gongzhi.intake.imports.mapping import FileMapping
from gongzhi.intake.imports.paths import Path, Paths, Step, paths_of, trees
from gongzhi.intake.imports.survey import Survey
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Organisation
from gongzhi.places import actions as places
from gongzhi.places.models import Area


@dataclass(slots=True)
class Established:
    """organisations: code → id; names: id → name. areas: codes in force. parents: code → the code above it, per tree.

    A path that disagrees with `parents` (a precinct said to lie in two wards) holds only as far as it agrees.
    """

    organisations: dict[str, UUID] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    parents: dict[str, dict[str, str]] = field(default_factory=dict)
    readers: dict[str, Paths] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)

    def code(self, tree: str, path: Path, known: Mapping[str, object] | set[str]) -> str:
        """The deepest step that exists and agrees; "" for none."""
        parents, above, found = self.parents.get(tree, {}), "", ""
        for step in path:
            if step.code not in known or parents.get(step.code, above) != above:
                break
            above = found = step.code
        return found


@transaction.atomic
def establish(survey: Survey, mapping: FileMapping, *, by: Actor, at: datetime) -> Established:
    """Register what is missing (each with its own act); running it again registers nothing."""
    result = Established(readers=paths_of(mapping))
    described = trees(mapping)
    for name, tree in described.items():
        steps, parents = _majority(survey.paths[name])
        result.parents[name] = parents
        if tree.create:
            {"area": _areas, "organisation": _organisations, "category": _categories}[name](
                steps, parents, result, by, at
            )
    known = Organisation.objects.filter(ended_at__isnull=True)
    for code, id_, name in known.values_list("code", "id", "name"):
        result.organisations[code], result.names[id_] = id_, name
    result.areas = set(Area.objects.filter(ended_at__isnull=True).values_list("code", flat=True))
    return result


def _majority(paths: Counter[Path]) -> tuple[dict[str, Step], dict[str, str]]:
    """Every step once, parents first; each below the parent most rows give it."""
    votes: dict[str, Counter[str]] = {}
    steps: dict[str, Step] = {}
    for path in sorted(paths):
        above = ""
        for step in path:
            votes.setdefault(step.code, Counter())[above] += paths[path]
            steps.setdefault(step.code, step)
            above = step.code
    parents = {code: max(sorted(count), key=count.__getitem__) for code, count in votes.items()}
    depth = {code: _depth(code, parents) for code in steps}
    return {code: steps[code] for code in sorted(steps, key=lambda code: (depth[code], code))}, parents


def _depth(code: str, parents: Mapping[str, str]) -> int:
    depth, seen = 0, {code}
    while (code := parents.get(code, "")) and code not in seen:
        seen.add(code)
        depth += 1
    return depth


def _areas(
    steps: Mapping[str, Step], parents: Mapping[str, str], result: Established, by: Actor, at: datetime
) -> None:
    known = dict(Area.objects.filter(ended_at__isnull=True).values_list("code", "id"))
    for code, step in steps.items():
        if code not in known:
            parent = known.get(parents[code])
            known[code] = places.register_area(
                code=code, name=step.name, level=step.kind, parent_id=parent, by=by, at=at
            ).id
            result.made["area"] += 1


def _organisations(
    steps: Mapping[str, Step], parents: Mapping[str, str], result: Established, by: Actor, at: datetime
) -> None:
    known = dict(Organisation.objects.values_list("code", "id"))
    for code, step in steps.items():
        if code not in known:
            known[code] = parties.register_organisation(
                code=code, name=step.name, kind=step.kind, parent_id=known.get(parents[code]), by=by, at=at
            ).id
            result.made["organisation"] += 1


def _categories(
    steps: Mapping[str, Step], parents: Mapping[str, str], result: Established, by: Actor, at: datetime
) -> None:
    """The tree in force with the new ones beside: a loading says the whole tree."""
    nodes = categories.current().nodes
    fresh = [code for code in steps if code not in nodes or nodes[code].retired]
    if not fresh:
        return
    newest = CategoryEdition.objects.order_by("-number").first()
    rows = [_row(body) for body in (newest.body if newest else [])]
    levels = {row.code: row.level for row in rows}
    for code in fresh:
        above, step = parents[code], steps[code]
        levels[code] = levels[above] + 1 if above else 1
        rows.append(_new_row(step, above, levels[code]))
    catalogue.load_categories(rows=rows, by=by, at=at)
    result.made["category"] += len(fresh)


def _new_row(step: Step, parent: str, level: int) -> CategoryRow:
    return CategoryRow(
        code=step.code,
        parent=parent,
        level=level,
        kind="case",
        zh=step.name,
        en=step.english,
        keywords=(),
        examples=(),
        evidence=False,
        verification=False,
        sign_off=False,
        public_space=False,
        response=None,
        handling=None,
        basis=None,
    )


def _row(body: Mapping[str, object]) -> CategoryRow:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
    return CategoryRow(**values)  # type: ignore[arg-type]
