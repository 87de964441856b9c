"""Categories, procedures and who must do what."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.asking import asking, json
from gongzhi.api.v1.shapes import CategoryOut
from gongzhi.catalogue import diagram, queries, snapshot
from gongzhi.catalogue.snapshot import Node
from gongzhi.mandates import queries as mandates
from gongzhi.mandates import snapshot as mandate_table
from gongzhi.mandates.rules import route as route_of

router = Router(tags=["catalogue"])


@router.get("/categories", response=list[CategoryOut], summary="The category tree in force")
def categories(request: HttpRequest) -> HttpResponse:
    tree = snapshot.current()
    return json([_category(node) for node in tree.nodes.values() if not node.retired])


@router.get("/categories/suggestions", summary="Categories the words of a text point to, best first")
def suggestions(request: HttpRequest, text: str) -> HttpResponse:
    return json(snapshot.current().suggest(text[:2_000]))


@router.get("/procedures", summary="Published procedures in force")
def procedures(request: HttpRequest) -> HttpResponse:
    return json(queries.live())


@router.get("/procedures/{code}", summary="One procedure, newest or a given version")
def procedure(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    return json(queries.procedure(code, version))


@router.get("/procedures/{code}/diagram", summary="The procedure drawn, as SVG")
def drawn(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    image = diagram.svg(queries.procedure(code, version), asking(request).actor.language)
    return HttpResponse(image, content_type="image/svg+xml; charset=utf-8")


@router.get("/mandates", summary="Mandates in force")
def entries(request: HttpRequest, category: str = "", area: str = "") -> HttpResponse:
    return json(mandates.entries(category=category, area_path=area))


@router.get("/mandates/findings", summary="Gaps, overlaps and expired bases of the lists")
def findings(request: HttpRequest) -> HttpResponse:
    visit = asking(request)
    return json(mandates.findings(at=visit.at))


@router.get("/mandates/route", summary="Who would lead, and why")
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
        "public_space": node.public_space,
    }
