"""The figures of the statistics page as a file: one line per unit, an act for every export."""

from decimal import Decimal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongzhi.indicators import queries as indicators
from gongzhi.indicators.durable import Window
from gongzhi.indicators.lasting import durably_solved
from gongzhi.indicators.queries import CODES, RateRow
from gongzhi.indicators.rates import Rate
from gongzhi.kernel.refusals import NotFound
from gongzhi.portals.centre import actions, choices
from gongzhi.portals.centre.pages.statistics import asked_period
from gongzhi.web.doors import door
from gongzhi.web.sheets import Cell, csv_lines, xlsx_file
from gongzhi.web.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door(policy="staff", permission="indicators.view")
@require_GET
def export(request: Visit, form: str) -> HttpResponseBase:
    """form: csv or xlsx. The period as on the page; counts only what the reader may see."""
    since, until = asked_period(request)
    rates = indicators.rates(visible_to=request.actor, since=since, until=until)
    lasting = durably_solved(visible_to=request.actor, since=since, until=until, now=request.at)
    known = {row.key: row for row in rates.rows}
    claims = {row.key: row.windows for row in lasting.rows}
    days = sorted({window.days for windows in claims.values() for window in windows})
    titles = {row.key: row.titles for row in rates.rows} | {row.key: row.titles for row in lasting.rows}
    head = [
        _("单位"),
        *_rate_heads(),
        *_beside_heads(),
        *(text for day in days for text in _window_heads(day)),
    ]
    lines: list[list[Cell]] = [
        [
            title[choices.wording()],
            *_rate_cells(known.get(key)),
            *_window_cells({window.days: window for window in claims.get(key, ())}, days),
        ]
        for key, title in titles.items()
    ]
    response: HttpResponseBase
    if form == "xlsx":
        response = FileResponse(xlsx_file(head, lines), content_type=_XLSX)
    elif form == "csv":
        response = StreamingHttpResponse(csv_lines(head, lines), content_type="text/csv; charset=utf-8")
    else:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    actions.note_export(form=form, by=request.actor, at=request.at)
    response["Content-Disposition"] = f'attachment; filename="gongzhi-{since}-{until}-rates.{form}"'
    return response


def _rate_heads() -> list[str]:
    titles = {"response": _("响应率"), "solved": _("解决率"), "satisfied": _("满意率")}
    parts = ("", _("件数"), _("区间下限"), _("区间上限"), _("剔除"), _("默认好评"))
    return [f"{titles[code]} {part}".strip() for code in CODES for part in parts]


def _beside_heads() -> list[str]:
    return [_("已评价"), _("改评"), _("改高"), _("催评")]


def _window_heads(days: int) -> list[str]:
    words = (_("称已解决"), _("持久解决"), _("件数"), _("区间下限"), _("区间上限"), _("相差"), _("未到期"))
    return [_("%(days)s 天 %(what)s") % {"days": days, "what": what} for what in words]


def _rate_cells(row: RateRow | None) -> list[Cell]:
    if row is None:
        return [None] * (6 * len(CODES) + 4)
    cells = [cell for code in CODES for cell in _share(row.rates[code])]
    beside = row.beside
    return [*cells, beside.judged, beside.changed, beside.raised, beside.pressed]


def _share(rate: Rate) -> list[Cell]:
    ends = [_number(rate.low), _number(rate.high)]
    return [_number(rate.value), rate.denominator, *ends, rate.excluded, rate.defaulted]


def _window_cells(windows: dict[int, Window], days: list[int]) -> list[Cell]:
    cells: list[Cell] = []
    for day in days:
        window = windows.get(day)
        if window is None:
            cells += [None] * 7
            continue
        lasted = window.durable
        cells += [_number(window.claimed.value), _number(lasted.value), lasted.denominator]
        cells += [_number(lasted.low), _number(lasted.high), _number(window.gap), window.too_early]
    return cells


def _number(value: Decimal | None) -> Cell:
    return None if value is None else float(value)
