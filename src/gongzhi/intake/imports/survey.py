"""First reading of a file: how many rows, which ids come twice, which areas, organisations and categories it names."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from gongzhi.intake.imports.lines import Line, Source, lines
from gongzhi.intake.imports.mapping import FileMapping
from gongzhi.intake.imports.paths import Path, paths_of
from gongzhi.kernel.refusals import Invalid

_EVERY = 10_000


@dataclass(slots=True)
class Survey:
    """first: external id → the row it stands in first. paths: tree → path → how many rows hang there."""

    rows: int = 0
    first: dict[str, int] = field(default_factory=dict)
    paths: dict[str, Counter[Path]] = field(default_factory=dict)


def survey(
    source: Source, mapping: FileMapping, *, progress: Callable[[int], None] = lambda rows: None
) -> Survey:
    """Reads everything once; what is wrong with single rows is said by the second reading."""
    readers = paths_of(mapping)
    found = Survey(paths={name: Counter() for name in readers})
    identity = mapping.fields["external_id"]
    for line in lines(source):
        found.rows += 1
        if found.rows % _EVERY == 0:
            progress(found.rows)
        if not isinstance(line, Line):
            continue
        for name, reader in readers.items():
            try:
                found.paths[name][reader.of(line.values)] += 1
            except Invalid:
                continue
        try:
            found.first.setdefault(identity.value(line.values), line.row)
        except Invalid:
            continue
    return found
