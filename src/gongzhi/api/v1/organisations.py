"""Organisations at work."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.answers import OrganisationOut
from gongzhi.api.v1.asking import asking, json
from gongzhi.parties import queries

router = Router(tags=["organisations"])

_FIELDS = ("id", "code", "name", "kind", "parent_id", "area_path")


@router.get("", response=list[OrganisationOut], summary="Organisations in tree order")
def organisations(request: HttpRequest, kind: str = "") -> HttpResponse:
    rows = queries.organisations(visible_to=asking(request).actor)
    return json(list((rows.filter(kind=kind) if kind else rows).values(*_FIELDS)))
