"""One refusal, three shapes: a page for people, a strip for a part of a page, RFC 9457 for programs."""

import errno
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import errors as postgres

from gongzhi.catalogue.procedure import Wording
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import (
    Invalid,
    InvalidForm,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    TooBig,
    TooMany,
    Unavailable,
)
from gongzhi.web.visits import is_fragment, wants_problem

SIGN_IN_PATH = "/sign-in/"


def text(refusal: Refusal) -> str:
    """The refusal in the active language, with its parameters filled in."""
    message = _(refusal.text)
    language = translation.get_language() or settings.LANGUAGE_CODE
    params = {
        name: value.in_language(language) if isinstance(value, Wording) else value
        for name, value in refusal.params.items()
    }
    return message % params if params else message


def refusal_of(error: BaseException) -> Refusal | None:
    """The refusal an exception amounts to, or None when it is a defect of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return NotFound("web.not_found", "没有找到这个页面。它可能已移走，或地址有误。")
    if isinstance(error, PermissionDenied):
        return NotAllowed("web.not_allowed", "您现在的岗位不能打开这个页面。需要时请联系本单位管理员。")
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return TooBig(
            "web.too_big",
            "一次发来的内容太多，没有收下。您写的还在原来的页面上：删短一些，或把长文作为附件再发。",
        )
    if isinstance(error, SuspiciousOperation):
        return Invalid("web.bad_request", "这个请求我们读不懂。请返回上一页重试。")
    if isinstance(error, OperationalError | InterfaceError):
        return _of_database(error)
    if isinstance(error, Trouble | OSError):
        return _of_disk(error)
    if _is_about_letters(error):
        return Invalid("web.letters", "内容里有无法保存的字符（例如空字符），请删去后再试。")
    return None


def _is_about_letters(error: BaseException) -> bool:
    """Zero bytes and halves of letters, which no text of the database can hold: the last net below the forms' own."""
    if isinstance(error, UnicodeEncodeError):
        return "surrogates" in error.reason
    return isinstance(error, DataError | ValueError) and "NUL (0x00)" in str(error)


def _of_database(error: BaseException) -> Refusal:
    cause = error.__cause__
    if isinstance(cause, postgres.DiskFull):
        return _disk_full()
    if isinstance(cause, postgres.QueryCanceled):
        return Unavailable(
            "web.too_slow", "这次查询用时过长，已停止。请缩小范围再试。", retry_after_seconds=10
        )
    if isinstance(cause, postgres.LockNotAvailable | postgres.DeadlockDetected):
        return Unavailable(
            "web.busy", "有人正在改同一件事。请稍候再试，您写的内容没有丢。", retry_after_seconds=2
        )
    return Unavailable(
        "web.database_away", "数据库暂时连不上，系统正在恢复。已提交的内容没有丢；请稍后再试。"
    )


def _of_disk(error: BaseException) -> Refusal | None:
    """Files that cannot be kept, by the store's own word or the system's."""
    code = error.code if isinstance(error, Trouble) else getattr(error, "errno", None)
    if code in ("home.full", errno.ENOSPC, errno.EDQUOT):
        return _disk_full()
    if code in ("home.read_only", errno.EROFS):
        return Unavailable(
            "web.disk_read_only",
            "服务器的磁盘现在只读，什么都保存不了。请稍后再试，并告诉管理员。",
            retry_after_seconds=60,
        )
    return None


def _disk_full() -> Unavailable:
    return Unavailable(
        "web.disk_full",
        "服务器的磁盘已满，现在什么都保存不了。请稍后再试，并告诉管理员。",
        retry_after_seconds=60,
    )


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as a response, in the shape the reader asked for."""
    if wants_problem(request):
        response: HttpResponse = problem(request, refusal)
    elif isinstance(refusal, NotSignedIn):
        return _to_sign_in(request)
    else:
        template = "web/fragments/refusal.html" if is_fragment(request) else "web/pages/refusal.html"
        response = HttpResponse(
            render_to_string(template, page_context(request, refusal), request=request), status=refusal.status
        )
    if isinstance(refusal, Unavailable):
        response["Retry-After"] = str(refusal.retry_after_seconds)
    elif isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.params.get("seconds", 60))
    return response


def problem(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    """RFC 9457 in the reader's language; `code` is stable, `errors` names each wrong field."""
    body: dict[str, Any] = {
        "type": f"urn:gongzhi:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": text(refusal),
        "code": refusal.code,
        "instance": f"urn:gongzhi:request:{getattr(request, 'request_id', '')}",
    }
    if listed := field_errors(refusal):
        body["errors"] = [
            {"field": name, "code": error.code, "detail": text(error)} for name, error in listed.items()
        ]
    response = JsonResponse(body, status=refusal.status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/problem+json"
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    response["Cache-Control"] = "no-store"
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="gongzhi"'
    return response


def field_errors(refusal: Refusal) -> dict[str, Refusal]:
    """Field name → what is wrong with it; empty when the refusal is not about fields."""
    if isinstance(refusal, InvalidForm):
        return refusal.errors
    return {refusal.field: refusal} if refusal.field else {}


def page_context(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    return {
        "status": refusal.status,
        "heading": _headings().get(refusal.status, _("这一步没有完成")),
        "text": text(refusal),
        "errors": [text(error) for error in field_errors(refusal).values()]
        if isinstance(refusal, InvalidForm)
        else [],
        "code": refusal.code,
        "method": request.method,
        "request_id": getattr(request, "request_id", ""),
        "retry_after_seconds": getattr(refusal, "retry_after_seconds", None),
    }


def _headings() -> dict[int, str]:
    return {
        400: _("请求有误"),
        403: _("没有权限"),
        404: _("没有找到"),
        409: _("情况已经变了"),
        412: _("情况已经变了"),
        413: _("内容太长"),
        422: _("有内容需要改正"),
        429: _("太频繁了"),
        503: _("请稍候"),
    }


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """People are led to the sign-in page and back; a part of a page makes the whole page go there."""
    here = (
        request.get_full_path() if request.method == "GET" and not is_fragment(request) else _page_of(request)
    )
    target = SIGN_IN_PATH + ("?" + urlencode({"next": here}) if here else "")
    if is_fragment(request):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


def _page_of(request: HttpRequest) -> str:
    """The page a form or a part was on, when it is ours: what was written waits there in the browser."""
    page = urlsplit(request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return ""
    return page.path + (f"?{page.query}" if page.query else "")
