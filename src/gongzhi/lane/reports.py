"""POST /lane/reports: one report as JSON, answered after the commit that made it durable, together with its neighbours.

Who may: anybody (a few a minute for one network), or a program with an access token of ours. What a form would refuse
is refused here too, field by field; nothing is stored then.
"""

import hashlib
import logging
import re
from datetime import datetime

import msgspec
from django.db import IntegrityError, InterfaceError, OperationalError

from gongzhi.access.actor import Actor
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal, Unavailable
from gongzhi.lane import once, refusing
from gongzhi.lane.asgi import BodyTooLarge, Headers, Receive, Scope, Send, answer, body, header
from gongzhi.lane.asking import Askers, owner_of_keys
from gongzhi.lane.batches import Commit, Item, is_outage
from gongzhi.lane.committer import Committer, Full, Stopping
from gongzhi.lane.once import Answered
from gongzhi.lane.refusing import TooLarge, refuse
from gongzhi.lane.visitors import address

log = logging.getLogger("gongzhi.lane")

BODY_BYTES_MAX = 64 * 1024


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
    opened_at: datetime | None = None


_decode = msgspec.json.Decoder(ReportBody).decode
_FIELD = re.compile(r"unknown field `(?P<unknown>[^`]{1,100})`|- at `\$\.(?P<known>\w+)`")


class Intake:
    """The endpoint and its committer thread."""

    def __init__(self) -> None:
        self._committer: Committer[Item, Answered] = Committer(commit=Commit(), is_outage=is_outage)
        self._askers = Askers()

    def start(self) -> None:
        self._committer.start()

    async def stop(self) -> None:
        await self._committer.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "POST":
                await refuse(send, refusing.wrong_method(), scope, headers=[(b"allow", b"POST")])
                return
            item = await self._item(scope, await body(receive, bytes_max=BODY_BYTES_MAX))
            answered = await self._settled(item)
            if answered.refusal is not None:
                raise answered.refusal
        except BodyTooLarge:
            await refuse(send, _too_large(), scope)
        except (Full, Stopping):
            await refuse(send, _busy(), scope)
        except Refusal as refusal:
            await refuse(send, refusal, scope)
        except (OperationalError, InterfaceError) as error:
            log.warning("lane: database refused: %s", type(error).__name__)
            await refuse(send, refusing.away(error), scope)
        else:
            replayed: Headers = [(b"idempotency-replayed", b"true")] if answered.repeated else []
            await answer(send, answered.status, answered.content, headers=replayed)

    async def _settled(self, item: Item) -> Answered:
        try:
            return await self._committer.submit(item)
        except (
            IntegrityError
        ):  # the same key or external_id came in by another door meanwhile: its answer is ours
            return await self._committer.submit(item)

    async def _item(self, scope: Scope, content: bytes) -> Item:
        network = address(scope)
        by = await self._askers.of(header(scope, b"authorization"), network)
        report = _read(content)
        key = header(scope, b"idempotency-key")
        if len(key) > once.KEY_LETTERS_MAX or not key.isprintable():
            raise Invalid(
                "lane.bad_key", "Idempotency-Key 应为 1 到 128 个可见字符。", field="Idempotency-Key"
            )
        if report.external_id and by.id is None:
            raise Invalid("lane.external_id", "只有出示令牌的程序才能使用 external_id。", field="external_id")
        raw = _raw(report, by, refusing.language_of(scope))
        return Item(raw, by, owner_of_keys(by, network), key, hashlib.sha256(content).digest())


def _read(content: bytes) -> ReportBody:
    try:
        return _decode(content)
    except msgspec.ValidationError as error:
        found = _FIELD.search(str(error))
        if found is None:
            raise _unreadable(error) from error
        field = found["known"] or found["unknown"]
        wrong = (
            Invalid("lane.shape", "这一项的类型不对。") if found["known"]
            else Invalid("lane.unknown_field", "没有这个字段。")
        )  # fmt: skip
        raise InvalidForm({field: wrong}) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(error) from error


def _raw(report: ReportBody, by: Actor, language: str) -> RawReport:
    return RawReport(
        **{name: getattr(report, name) for name in report.__struct_fields__},
        channel="lane" if by.kind == "token" else "web",
        language=language,
        origin=f"lane:{by.id}" if report.external_id else "",
    )


def _unreadable(error: Exception) -> Invalid:
    return Invalid(
        "lane.unreadable",
        "内容不是约定格式的 JSON（UTF-8 编码）：%(reason)s。",
        reason=str(error)[:200],
    )


def _too_large() -> TooLarge:
    return TooLarge("lane.too_large", "内容太大：最多 %(kib)s KiB。", kib=BODY_BYTES_MAX // 1024)


def _busy() -> Unavailable:
    return Unavailable(
        "lane.busy", "现在提交的人很多，请几秒后重试；您写的内容没有丢。", retry_after_seconds=2
    )
