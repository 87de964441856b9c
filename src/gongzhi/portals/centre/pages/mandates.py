"""责任清单: what is in force, what is wrong with it, and a tester that says whose job something is."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.mandates import queries, rules, snapshot
from gongzhi.mandates.checking import Findings
from gongzhi.mandates.table import Entry, Limit, MandateTable
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.units import limit_words
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit
from gongzhi.web.words import exact

_ROWS_MAX = 200
_FINDINGS_MAX = 50


@dataclass(frozen=True, slots=True)
class Line:
    category: str
    area: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    title: str
    none: str
    rows: list[Line]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Listed:
    item: str
    organisation: str
    area: str
    category: str
    role: str
    basis: str
    period: str


@dataclass(frozen=True, slots=True)
class Tried:
    lead: str
    reason: str
    limits: str


@door(policy="staff")
@require_safe
def mandates(request: Visit) -> HttpResponse:
    """Public by law in content; the page with its findings is the staff's."""
    table = snapshot.current()
    category, area = request.GET.get("category", ""), request.GET.get("area", "")
    values: dict[str, object] = {
        "count": len(table.entries),
        "version": table.version,
        "findings": _parts(queries.findings(at=request.at), table),
        "mandates": [_listed(entry, table) for entry in queries.entries()[:_ROWS_MAX]],
        "categories": choices.categories(),
        "areas": choices.areas(),
        "tried": {"category": category, "area": area},
        "route": _tried(table, category, area, request) if category in table.categories else None,
    }
    return page(request, "centre/mandates.html", "mandates", values)


def _tried(table: MandateTable, category: str, area: str, request: Visit) -> Tried:
    route = rules.route(table, category, area, request.at)
    names = {entry.organisation_id: entry.organisation for entry in table.entries}
    limits = [
        f"{title} {_limit(limit)}"
        for title, limit in ((_("响应"), route.response), (_("办理"), route.handling))
        if limit
    ]
    lead = names.get(route.organisation_id, "") if route.organisation_id else ""
    return Tried(lead, route.reason.in_language(choices.language()), " · ".join(limits))


def _limit(limit: Limit) -> str:
    return limit_words(limit.value, limit.unit)


def _parts(found: Findings, table: MandateTable) -> list[Part]:
    return [
        Part(
            "gaps",
            _("空白：没有人负责"),
            _("每一类事在每个社区都有人负责。"),
            [_line(gap.category, gap.area_path, _("没有主办单位")) for gap in found.gaps[:_FINDINGS_MAX]],
            len(found.gaps),
        ),
        Part(
            "overlaps",
            _("重叠：两个以上主办"),
            _("没有重叠。"),
            [
                _line(o.category, o.area_path, "、".join(o.organisations))
                for o in found.overlaps[:_FINDINGS_MAX]
            ],
            len(found.overlaps),
        ),
        Part(
            "expired",
            _("到期：依据或期限已过"),
            _("没有到期的。"),
            [
                _line(e.entry.category, e.entry.area_path, f"{e.entry.organisation} · {e.entry.basis}")
                for e in found.expired[:_FINDINGS_MAX]
            ],
            len(found.expired),
        ),
    ]


def _line(category: str, area_path: str, words: str) -> Line:
    return Line(choices.category_title(category), choices.area_title(area_path) or _("全域"), words)


def _listed(entry: Entry, table: MandateTable) -> Listed:
    roles = {"lead": _("主办"), "assist": _("协办"), "supervise": _("督办")}
    until = exact(entry.valid_until)[:10] if entry.valid_until else _("长期")
    return Listed(
        item=entry.title or entry.item,
        organisation=entry.organisation,
        area=table.area_names.get(entry.area_path, "") or _("全域"),
        category=choices.category_title(entry.category),
        role=roles.get(entry.role, entry.role),
        basis=entry.basis,
        period=f"{exact(entry.valid_from)[:10]} – {until}",
    )
