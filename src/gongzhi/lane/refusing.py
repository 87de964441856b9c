"""Refusals as problems (RFC 9457) in the reader's language, with the same codes and words as behind the web process."""

from http import HTTPStatus

from django.utils import translation
from psycopg.errors import DiskFull

from gongzhi.kernel.refusals import Refusal, TooMany, Unavailable
from gongzhi.lane.asgi import Headers, Scope, Send, header, problem
from gongzhi.web.problems import field_errors, refusal_of, text


class TooLarge(Refusal):
    """More bytes than the door takes (413)."""

    status = 413


class WrongMethod(Refusal):
    """The address exists, the method does not (405)."""

    status = 405


class Broken(Refusal):
    """A defect of ours (500)."""

    status = 500


def language_of(scope: Scope) -> str:
    return "en" if header(scope, b"accept-language").lower().startswith("en") else "zh-hans"


def away(error: BaseException | None = None) -> Refusal:
    """error: what the database said, if it said anything; a full disk has words of its own."""
    if error is not None and isinstance(error.__cause__, DiskFull):
        return refusal_of(error) or away()
    return Unavailable(
        "lane.database_away", "数据库暂时连不上，系统正在恢复，请稍后重试。", retry_after_seconds=5
    )


def wrong_method() -> WrongMethod:
    return WrongMethod("http.method_not_allowed", "这个地址不接受这种请求方法。")


async def refuse(send: Send, refusal: Refusal, scope: Scope, *, headers: Headers | None = None) -> None:
    language = language_of(scope)
    with translation.override(language):
        detail = text(refusal)
        errors = [
            {"field": name, "code": error.code, "detail": text(error)}
            for name, error in field_errors(refusal).items()
        ]
    more: Headers = [(b"content-language", language.encode()), *(headers or [])]
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        more.append((b"www-authenticate", b'Bearer realm="gongzhi"'))
    wait = None
    if isinstance(refusal, Unavailable):
        wait = refusal.retry_after_seconds
    elif isinstance(refusal, TooMany):
        wait = int(refusal.params.get("seconds", 60))
    await problem(
        send,
        refusal.status,
        code=refusal.code,
        title=HTTPStatus(refusal.status).phrase,
        detail=detail,
        errors=errors,
        retry_after_seconds=wait,
        headers=more,
    )
