"""The list of matters as a file: the same filters, the same policy, formulas made harmless, an act for each."""

from collections.abc import Iterator
from typing import Literal

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from gongzhi.api.actions import note_export
from gongzhi.api.v1.asking import asking, signed_in
from gongzhi.api.v1.shapes import Asked
from gongzhi.matters import queries
from gongzhi.matters.queries import Filters, MatterRow
from gongzhi.web.sheets import Cell, csv_lines, xlsx_file

router = Router(tags=["matters"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = (
    *("number", "title", "state", "category", "area", "address", "lead", "channel"),
    *("opened_at", "due_at", "closed_at"),
)


@router.get("/export.{form}", summary="Matters the caller may see, as CSV or XLSX")
def export(request: HttpRequest, form: Literal["csv", "xlsx"], asked: Query[Asked]) -> HttpResponseBase:
    """Newest first, times of China. Needs the right to export. Without people's names and numbers."""
    visit, by = asking(request), signed_in(request)
    rows = queries.export(visible_to=by, filters=Filters(**asked.dict()), at=visit.at)
    note_export(form=form, by=by, at=visit.at)
    if form == "xlsx":
        return FileResponse(
            xlsx_file(_HEAD, _cells(rows)), content_type=_XLSX, filename="matters.xlsx", as_attachment=True
        )
    return StreamingHttpResponse(
        csv_lines(_HEAD, _cells(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="matters.csv"'},
    )


def _cells(rows: Iterator[MatterRow]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [row.state.code if name == "state" else getattr(row, name) for name in _HEAD]
