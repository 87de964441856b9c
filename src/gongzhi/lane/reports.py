"""POST /lane/reports: one report as JSON, answered after the commit that made it durable, together with its neighbours.

Who may: anybody (a few a minute for one network), or a program with an access token of ours. What a form would refuse
is refused here too, field by field; nothing is stored then.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import groupby

import msgspec
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import translation

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.intake.actions import take_in_many
from gongzhi.intake.raw import RawReport
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import Invalid, InvalidForm, NotSignedIn, Refusal, TooMany, Unavailable
from gongzhi.lane import once
from gongzhi.lane.asgi import BodyTooLarge, Receive, Scope, Send, answer, body, header, problem
from gongzhi.lane.committer import Committer, Full, Stopping
from gongzhi.web import rates
from gongzhi.web.problems import field_errors, text

log = logging.getLogger("gongzhi.lane")

BODY_BYTES_MAX = 64 * 1024
_TOKEN_KEPT_SECONDS = 10.0
_ANONYMOUS_A_MINUTE = 20


class ReportBody(msgspec.Struct, forbid_unknown_fields=True):
    """The fields a program may send. system: wgs84, gcj02 or bd09."""

    text: str = ""
    title: str = ""
    category: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    system: str = "wgs84"
    name: str = ""
    phone: str = ""
    anonymous: bool = False
    confidential: bool = False
    urgency: str = "normal"
    external_id: str = ""
    opened_at: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """key "" = no Idempotency-Key; print: fingerprint of the body."""

    raw: RawReport
    by: Actor
    key: str
    print: bytes


Answered = once.Answered
_decode = msgspec.json.Decoder(ReportBody).decode


def commit(items: Sequence[Item]) -> list[Answered]:
    """Open what is new in one transaction; repeated keys get the stored answer, wrong reports their refusal."""
    at = clock.now()
    answers: list[Answered | None] = [None] * len(items)
    with transaction.atomic():
        fresh = once.find(items, answers)
        for by, group in groupby(
            sorted(fresh, key=lambda n: items[n].by.reference), key=lambda n: items[n].by
        ):
            numbers = list(group)
            opened = take_in_many(raws=[items[n].raw for n in numbers], by=by, at=at)
            for n, result in zip(numbers, opened, strict=True):
                if isinstance(result, InvalidForm):
                    answers[n] = Answered(refusal=result)
                else:
                    content = {"number": result.number, "follow_code": result.follow_code, "new": result.new}
                    answers[n] = Answered(msgspec.json.encode(content), created=result.new)
        once.keep(items, answers, at=at)
    return [answered for answered in answers if answered is not None]


def is_outage(error: BaseException) -> bool:
    """The database is away or too busy: nobody's report is to blame."""
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()
        return True
    return False


class Intake:
    """The endpoint and its committer thread."""

    def __init__(self) -> None:
        self._committer: Committer[Item, Answered] = Committer(commit=commit, is_outage=is_outage)
        self._actors: dict[str, tuple[float, Actor]] = {}

    def start(self) -> None:
        self._committer.start()

    async def stop(self) -> None:
        await self._committer.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        language = "en" if header(scope, b"accept-language").lower().startswith("en") else "zh-hans"
        try:
            if scope["method"] != "POST":
                await problem(send, 405, code="http.method_not_allowed", title="Method Not Allowed")
                return
            item = await self._item(scope, await body(receive, bytes_max=BODY_BYTES_MAX), language)
            answered = await self._committer.submit(item)
            if answered.refusal is not None:
                raise answered.refusal
        except BodyTooLarge:
            await problem(send, 413, code="lane.too_large", title="Content Too Large")
        except (Full, Stopping):
            await _refuse(send, _busy(), language)
        except Refusal as refusal:
            await _refuse(send, refusal, language)
        except Error as error:
            log.warning("lane: database refused: %s", type(error).__name__)
            await _refuse(send, _away(), language)
        else:
            await answer(send, 201 if answered.created else 200, answered.content)

    async def _item(self, scope: Scope, content: bytes, language: str) -> Item:
        by = await self._actor(scope)
        try:
            report = _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid(
                "lane.unreadable", "内容不是约定格式的 JSON：%(reason)s。", reason=str(error)[:200]
            ) from error
        key = header(scope, b"idempotency-key")
        if len(key) > once.KEY_LETTERS_MAX or not key.isprintable():
            raise Invalid(
                "lane.bad_key", "Idempotency-Key 应为 1 到 128 个可见字符。", field="Idempotency-Key"
            )
        raw = RawReport(
            **{name: getattr(report, name) for name in report.__struct_fields__},
            channel="lane" if by.kind == "token" else "web",
            language=language,
            origin=f"lane:{by.id}" if report.external_id else "",
        )
        return Item(raw, by, key, hashlib.sha256(content).digest())

    async def _actor(self, scope: Scope) -> Actor:
        authorization = header(scope, b"authorization")
        if not authorization:
            client = scope.get("client")
            await asyncio.to_thread(_take_turn, client[0] if client else "")
            return ANONYMOUS
        known = self._actors.get(authorization)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        actor = await asyncio.to_thread(_behind, authorization)
        if len(self._actors) > 1_000:
            self._actors.clear()
        self._actors[authorization] = (time.monotonic() + _TOKEN_KEPT_SECONDS, actor)
        return actor


def _behind(authorization: str) -> Actor:
    try:
        return replace(actor_behind(authorization, at=clock.now()), request_id="")
    finally:
        connection.close()


def _take_turn(network: str) -> None:
    try:
        rates.take(
            purpose="lane.report", who=network, capacity=_ANONYMOUS_A_MINUTE, per_seconds=60, at=clock.now()
        )
    finally:
        connection.close()


def _busy() -> Unavailable:
    return Unavailable(
        "lane.busy", "现在提交的人很多，请几秒后重试；您写的内容没有丢。", retry_after_seconds=2
    )


def _away() -> Unavailable:
    return Unavailable(
        "lane.database_away", "数据库暂时连不上，系统正在恢复，请稍后重试。", retry_after_seconds=5
    )


async def _refuse(send: Send, refusal: Refusal, language: str) -> None:
    """RFC 9457 in the reader's language."""
    with translation.override(language):
        errors = [
            {"field": name, "code": error.code, "detail": text(error)}
            for name, error in field_errors(refusal).items()
        ]
        detail = text(refusal)
    wait = None
    if isinstance(refusal, Unavailable):
        wait = refusal.retry_after_seconds
    elif isinstance(refusal, TooMany):
        wait = int(refusal.params.get("seconds", 60))
    title = HTTPStatus(refusal.status).phrase
    if isinstance(refusal, NotSignedIn):
        title = "Unauthorized"
    await problem(
        send,
        refusal.status,
        code=refusal.code,
        title=title,
        detail=detail,
        errors=errors,
        retry_after_seconds=wait,
    )
