"""The writes people do: connect a superior, end the connection, send a failed message again, read a file."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require, require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.exchange import addresses, outbound
from gongzhi.intake import snapshots
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.superiors import events, sealing
from gongzhi.superiors.mapping import SuperiorMapping, read_mapping
from gongzhi.superiors.models import Message, Superior
from gongzhi.superiors.policies import ADMINISTER


def add(*, mapping: str, url: str = "", secret: str = "", by: Actor, at: datetime) -> Superior:
    """Connect a superior by its mapping, or renew what is known of it (same code). An empty secret keeps the old one.

    Raises Invalid (mapping, area, address), NotAllowed.
    """
    require_to(by, ADMINISTER)
    read = read_mapping(mapping)
    area = snapshots.current().areas.get(read.area)
    if read.area and area is None:
        raise Invalid("intake.closed_area", "没有这个区域，或它已撤销，请重新选择。", field="area")
    host = _judged(url) if read.transport != "folder" else ""
    with transaction.atomic():
        superior = Superior.objects.select_for_update().filter(code=read.code, ended_at=None).first()
        if superior is None:
            superior = Superior(id=ids.uuid7(at), code=read.code, created_at=at, due_at=at)
        if secret:
            superior.secret_sealed, superior.secret_key_id = sealing.sealed(secret, superior.id)
        superior.titles = {"zh": read.titles.zh, "en": read.titles.en}
        superior.transport, superior.url = read.transport, url if host else ""
        superior.mapping, superior.digest = mapping, read.digest
        superior.area_path = area.path if area else ""
        superior.due_at = at
        superior.save()
        _record("superiors.add", superior, by, at, _added(read, host))
    return superior


def end(*, code: str, by: Actor, at: datetime) -> None:
    """Nothing is taken from it nor sent to it any more; what was exchanged stays to be read."""
    require_to(by, ADMINISTER)
    with transaction.atomic():
        superior = named(code)
        superior.ended_at = at
        superior.save(update_fields=["ended_at"])
        superior.messages.filter(state="queued").update(state="failed", due_at=None, error="ended")
        _record("superiors.end", superior, by, at, events.Ended(superior.code))


def send_again(*, message_id: UUID, by: Actor, at: datetime) -> None:
    """Try a failed message once more, under the same id. Raises NotFound, Conflict while it is on its way anyway."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",))
            .select_related("superior")
            .filter(id=message_id, outgoing=True)
            .first()
        )
        if message is None:
            raise NotFound("superiors.no_message", "没有找到这条往来，或者您无权查看。")
        require(by, "view", message.superior)
        require(by, "send_again", message.superior)
        if message.state != "failed" or message.superior.ended_at is not None:
            raise Conflict("superiors.not_failed", "只有发送失败的才能重发。")
        message.state, message.due_at, message.attempts, message.error = "queued", at, 0, ""
        message.save(update_fields=["state", "due_at", "attempts", "error"])
        _record("superiors.send_again", message.superior, by, at, events.SentAgain(message.id))


def named(code: str) -> Superior:
    """A connected superior. Raises NotFound."""
    superior = Superior.objects.select_for_update().filter(code=code[:40], ended_at=None).first()
    if superior is None:
        raise NotFound("superiors.unknown", "没有接入这个上级平台。")
    return superior


def record_file(
    *,
    superior: Superior,
    name: str,
    digest: str,
    counts: tuple[int, int, int, int],
    by: Actor,
    at: datetime,
) -> None:
    """One act for each file that was read. counts: rows, taken, present, rejected."""
    event = events.FileRead(superior.code, name[:200], digest, *counts)
    with transaction.atomic():  # the rows of the file are taken in one by one, each in its own
        _record("superiors.read_file", superior, by, at, event)


def _judged(url: str) -> str:
    """Also resolved now, so that a mistake is said at once."""
    try:
        return outbound.judge(url)[0].host
    except outbound.Forbidden as error:
        raise addresses.refused() from error
    except outbound.Failed as error:
        raise Invalid("exchange.unknown_name", "无法解析该地址的域名，请检查后重试。", field="url") from error


def _added(read: SuperiorMapping, host: str) -> events.Added:
    return events.Added(read.code, read.transport, host, read.digest)


def _record(verb: str, superior: Superior, by: Actor, at: datetime, event: object) -> None:
    subject = Subject("superiors.superior", superior.id)
    acts.record(verb=verb, subject=subject, by=by, at=at, event=event, area_path=superior.area_path)
