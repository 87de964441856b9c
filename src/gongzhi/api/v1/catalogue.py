"""Categories, procedures and who must do what."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.asking import asking, json, signed_in
from gongzhi.api.v1.shapes import CategoryOut
from gongzhi.catalogue import diagram, queries, snapshot
from gongzhi.catalogue.procedure import Procedure
from gongzhi.catalogue.snapshot import Node
from gongzhi.catalogue.suggestion import Suggestion
from gongzhi.kernel.refusals import NotAllowed
from gongzhi.mandates import queries as mandates
from gongzhi.mandates import snapshot as mandate_table
from gongzhi.mandates.checking import Findings
from gongzhi.mandates.rules import Route
from gongzhi.mandates.rules import route as route_of
from gongzhi.mandates.table import Entry

router = Router(tags=["catalogue"])


@router.get("/categories", response=list[CategoryOut], summary="The category tree in force")
def categories(request: HttpRequest) -> HttpResponse:
    tree = snapshot.current()
    return json([_category(node) for node in tree.nodes.values() if not node.retired])


@router.get(
    "/categories/suggestions",
    response=list[Suggestion],
    summary="Categories the words of a text point to, best first",
)
def suggestions(request: HttpRequest, text: str) -> HttpResponse:
    return json(snapshot.current().suggest(text[:2_000]))


@router.get("/procedures", response=list[Procedure], summary="Published procedures in force")
def procedures(request: HttpRequest) -> HttpResponse:
    return json(queries.live())


@router.get("/procedures/{code}", response=Procedure, summary="One procedure, newest or a given version")
def procedure(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    return json(queries.procedure(code, version))


@router.get("/procedures/{code}/diagram", summary="The procedure drawn, as SVG")
def drawn(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    image = diagram.svg(queries.procedure(code, version), asking(request).actor.language)
    return HttpResponse(image, content_type="image/svg+xml; charset=utf-8")


@router.get("/mandates", response=list[Entry], summary="Mandates in force")
def entries(request: HttpRequest, category: str = "", area: str = "") -> HttpResponse:
    return json(mandates.entries(category=category, area_path=area))


@router.get("/mandates/findings", response=Findings, summary="Gaps, overlaps and expired bases of the lists")
def findings(request: HttpRequest) -> HttpResponse:
    """For staff: where nobody is responsible is not for everybody to exploit."""
    if all(held.role == "resident" for held in signed_in(request).held):
        raise NotAllowed("api.staff", "这些内容只供工作人员查看。")
    return json(mandates.findings(at=asking(request).at))


@router.get("/mandates/route", response=Route, summary="Who would lead, and why")
def route(request: HttpRequest, category: str, area: str = "") -> HttpResponse:
    visit = asking(request)
    return json(route_of(mandate_table.current(), category, area, visit.at))


def _category(node: Node) -> dict[str, Any]:
    return {
        "code": node.code,
        "parent": node.parent,
        "level": node.level,
        "titles": {"zh": node.zh, "en": node.en},
        "evidence_required": node.evidence_required,
        "sign_off_required": node.sign_off_required,
        "public_space": node.public_space,
    }
