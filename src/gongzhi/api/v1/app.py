"""The API object: identification, problems instead of ninja's own error shapes, the routers."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from gongzhi.api.v1 import (
    catalogue,
    exchange,
    exports,
    files,
    matters,
    notices,
    organisations,
    places,
    reports,
    statistics,
    superiors,
)
from gongzhi.api.v1.asking import identify
from gongzhi.api.v1.misshapen import wrong_fields
from gongzhi.kernel.refusals import Invalid, InvalidForm, NotFound, Refusal
from gongzhi.web import problems

api = NinjaAPI(
    title="Gongzhi 共治",
    version="1",
    description=__doc__ or "",
    urls_namespace="api-v1",
    docs_url=None,  # ninja's page loads from another host, which our content policy forbids
    openapi_url="/openapi.json",
    auth=identify,
)
for path, router in (
    ("/reports", reports.router),
    ("/matters", exports.router),  # before the matters: export.csv is no number
    ("/matters", matters.router),
    ("/matters", superiors.router),
    ("/files", files.router),
    ("/places", places.router),
    ("/catalogue", catalogue.router),
    ("/statistics", statistics.router),
    ("/notices", notices.router),
    ("/organisations", organisations.router),
    ("/exchange", exchange.router),
):
    api.add_router(path, router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problems.answer(request, refusal)


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every field that does not have the shape it must have, by its path in the body."""
    return problems.answer(request, InvalidForm(wrong_fields(error.errors)))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 404:
        return problems.answer(request, NotFound("api.not_found", "没有这个地址。"))
    return problems.answer(request, Invalid("api.unreadable", "请求内容不是有效的 JSON。"))
