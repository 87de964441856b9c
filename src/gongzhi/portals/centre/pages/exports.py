"""The list as a file: the same filters, the same policy, formulas made harmless, an act for every export."""

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import MatterRow
from gongzhi.portals.centre import actions, choices, showing
from gongzhi.portals.centre.reading import asked
from gongzhi.web.doors import door
from gongzhi.web.sheets import Cell, csv_lines, xlsx_file
from gongzhi.web.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door(policy="staff", permission="matters.export")
@require_safe
def export(request: Visit, form: str) -> HttpResponseBase:
    """form: csv or xlsx. Without names and numbers of people: those are unmasked one by one, with a purpose."""
    wanted = asked(request.GET)
    rows = matters.export(visible_to=request.actor, filters=wanted.filters, at=request.at)
    lines = (_cells(row) for row in rows)
    name = f"gongzhi-{request.at:%Y%m%d-%H%M}.{form}"
    response: HttpResponseBase
    if form == "xlsx":
        response = FileResponse(xlsx_file(_head(), lines), content_type=_XLSX)
    elif form == "csv":
        response = StreamingHttpResponse(csv_lines(_head(), lines), content_type="text/csv; charset=utf-8")
    else:
        raise NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    actions.note_export(form=form, by=request.actor, at=request.at)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _head() -> list[str]:
    return [
        _("编号"),
        _("标题"),
        _("状态"),
        _("类别"),
        _("区域"),
        _("地点"),
        _("主办"),
        _("从哪里来"),
        _("登记"),
        _("到期"),
        _("办结"),
    ]


def _cells(row: MatterRow) -> list[Cell]:
    said = choices.language()
    return [
        numbers.grouped(row.number),
        row.title,
        row.state.titles.in_language(said),
        row.category_titles.in_language(said),
        row.area,
        row.address,
        row.lead,
        showing.channels().get(row.channel, row.channel),
        row.opened_at,
        row.due_at,
        row.closed_at,
    ]
