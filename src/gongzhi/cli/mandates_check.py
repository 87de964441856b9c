"""`gongzhi mandates check`: what nobody owns, what two own, what stands on an expired basis."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gongzhi.cli.database import django

if TYPE_CHECKING:
    from gongzhi.mandates.checking import Findings
    from gongzhi.mandates.table import MandateTable


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="空白、重叠、过期依据 · gaps, overlaps, expired bases")


def run(options: argparse.Namespace) -> int:
    """0 when the lists are whole, 1 when anything was found."""
    with django():
        from gongzhi.kernel import clock
        from gongzhi.mandates import queries, snapshot
        from gongzhi.places.models import Area

        found = queries.findings(at=clock.now())
        names = dict(Area.objects.filter(ended_at__isnull=True).values_list("path", "name"))
        for line in _lines(found, snapshot.current(), names):
            print(line)
        return 1 if found.gaps or found.overlaps or found.expired else 0


def _lines(found: "Findings", table: "MandateTable", names: dict[str, str]) -> Iterator[str]:
    def category(code: str) -> str:
        facts = table.categories.get(code)
        return f"{code} {facts.zh}（{facts.en}）" if facts else code

    def area(path: str) -> str:
        return names.get(path, path) or "全域 everywhere"

    yield f"无人主办 gaps: {len(found.gaps)}"
    yield from (f"  {category(gap.category)} · {area(gap.area_path)}" for gap in found.gaps)
    yield f"多头主办 overlaps: {len(found.overlaps)}"
    for overlap in found.overlaps:
        units = "、".join(overlap.organisations)
        yield f"  {category(overlap.category)} · {area(overlap.area_path)} · {units}（{', '.join(overlap.items)}）"
    yield f"依据或期限已过 expired: {len(found.expired)}"
    for row in found.expired:
        until = row.entry.basis_until_on or f"{row.entry.valid_until:%Y-%m-%d}"
        yield f"  {row.entry.item} {row.entry.organisation} · {row.entry.basis} · {until}"
