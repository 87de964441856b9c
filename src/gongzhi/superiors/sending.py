"""Carrying queued messages to their superiors: claimed with SKIP LOCKED, in order, tried again with growing pauses.

At least once over the line, once in effect: a message keeps its id, and a file its name.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from gongzhi.superiors import enclosing, sealing, timing
from gongzhi.superiors.adapters import ADAPTERS
from gongzhi.superiors.adapters.shapes import Line, Parcel, Receipt
from gongzhi.superiors.mapping import SuperiorMapping, read_mapping
from gongzhi.superiors.models import Message, Superior

BATCH = 500


def line_of(superior: Superior) -> Line:
    """How to reach it. Raises Unreadable for a secret that is not ours."""
    secret = sealing.opened(superior.secret_sealed, superior.id)
    return Line(superior.code, superior.url, secret, read_mapping(superior.mapping), superior.cursor)


def send_due(*, at: datetime, superior: Superior | None = None) -> int:
    """Send what is due, or now everything of one superior; returns how many were looked at."""
    claimed = _claim(at, superior)
    for _, group in groupby(claimed, key=lambda message: message.superior_id):
        own = list(group)
        parcels = [
            Parcel(m.id, m.kind, m.number, m.body, m.file, tuple(enclosing.enclosed(m, at=at))) for m in own
        ]
        giver = own[0].superior
        try:
            receipts = ADAPTERS[giver.transport].send(line_of(giver), parcels, at)
        except Exception as error:  # one superior's trouble never stops the others
            receipts = [Receipt(own[0].id, error=type(error).__name__)]
        _settle(own, receipts, at)
    return len(claimed)


def _claim(at: datetime, superior: Superior | None) -> list[Message]:
    """Ours until the lease ends, by superior and age. A message of a file gets the file's name before it is written."""
    with transaction.atomic():
        rows = Message.objects.filter(state="queued", superior__ended_at=None)
        rows = rows.filter(superior=superior) if superior else rows.filter(due_at__lte=at)
        ordered = rows.select_related("superior").order_by("superior_id", "id")
        claimed = list(ordered.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        for message in claimed:
            message.due_at = at + timing.LEASE
        for superior_id in {m.superior_id for m in claimed if m.superior.transport == "folder"}:
            _name([m for m in claimed if m.superior_id == superior_id and not m.file], at)
        Message.objects.bulk_update(claimed, ["due_at", "file"])
    return claimed


def _name(messages: Sequence[Message], at: datetime) -> None:
    """One XLSX for all of them, or one CSV per kind: code, day, and a number when the day has had one."""
    if not messages:
        return
    superior = messages[0].superior
    mapping = read_mapping(superior.mapping)
    day = f"{superior.code}-{at.astimezone(ZoneInfo(mapping.zone)):%Y%m%d}"
    rows = Message.objects.filter(superior=superior, outgoing=True, file__startswith=day)
    taken = set(rows.values_list("file", flat=True))
    for kind in {message.kind for message in messages} if mapping.format == "csv" else [""]:
        name = _free(day, kind, mapping, taken)
        for message in messages:
            if kind in ("", message.kind):
                message.file = name


def _free(day: str, kind: str, mapping: SuperiorMapping, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9_-]", "", f"{day}-{kind}".rstrip("-"))
    for number in range(1, len(taken) + 2):
        name = f"{stem}{'' if number == 1 else f'-{number}'}.{mapping.format}"
        if name not in taken:
            return name
    raise AssertionError("one of them is free")


def _settle(messages: Sequence[Message], receipts: Sequence[Receipt], at: datetime) -> None:
    """What was not tried waits for the first that failed."""
    known: dict[UUID, Receipt] = {receipt.id: receipt for receipt in receipts}
    pause: datetime | None = None
    with transaction.atomic():
        for message in messages:
            receipt = known.get(message.id)
            if receipt is None:
                message.due_at = pause or at + timing.LEASE
            elif receipt.text:
                _sent(message, receipt, at)
            else:
                _failed(message, receipt, at)
                pause = message.due_at or pause
        fields = ["state", "due_at", "attempts", "receipt", "error", "done_at"]
        Message.objects.bulk_update(messages, fields)


def _sent(message: Message, receipt: Receipt, at: datetime) -> None:
    message.state, message.due_at, message.done_at = "sent", None, at
    message.attempts, message.receipt, message.error = message.attempts + 1, receipt.text[:200], ""


def _failed(message: Message, receipt: Receipt, at: datetime) -> None:
    message.attempts += 1
    message.error = receipt.error[:300]
    message.due_at = timing.next_attempt(message.attempts, at) if receipt.again else None
    message.state = "queued" if message.due_at else "failed"
