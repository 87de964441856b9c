"""Files that travel with orders: theirs are kept here and shown in the matter, ours go with the answer. Once each."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.drafts import Subject
from gongzhi.files import actions as files
from gongzhi.files import queries
from gongzhi.files.models import File
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid
from gongzhi.superiors.adapters import ADAPTERS
from gongzhi.superiors.adapters.shapes import Enclosed, Line, TheirFile
from gongzhi.superiors.models import Enclosure, Message, Order, Superior


def enclosed(message: Message, *, at: datetime) -> Iterator[Enclosed]:
    """What goes with an outgoing message, with the id it has there already, if any."""
    if not message.files or message.order_id is None:
        return
    there = dict(
        Enclosure.objects.filter(order_id=message.order_id, outgoing=True).values_list("file_id", "theirs")
    )
    for file in File.objects.filter(id__in=message.files, ended_at=None).order_by("id"):
        yield Enclosed(
            name=file.name,
            size_bytes=file.size_bytes,
            open=partial(_opened, file.id),
            carried=partial(_carried, message.order_id, file.id, at),
            theirs=there.get(file.id, ""),
        )


def take(superior: Superior, line: Line, found: Sequence[TheirFile], *, at: datetime) -> int:
    """Keep what came with orders and is not here yet; returns how many. What cannot be kept is left out: its order is
    not held up. Raises Unreachable."""
    load = ADAPTERS[superior.transport].load
    if load is None or not found:
        return 0
    orders = {
        order.number: order
        for order in Order.objects.select_related("matter").filter(
            superior=superior, number__in={one.number for one in found}
        )
    }
    known = set(
        Enclosure.objects.filter(order__in=orders.values(), outgoing=False).values_list("order_id", "theirs")
    )
    taken = 0
    for file in found:
        order = orders.get(file.number)
        if order is not None and (order.id, file.id) not in known:
            taken += _keep(order, file, load(line, file), at)
    return taken


def _keep(order: Order, file: TheirFile, content: bytes, at: datetime) -> bool:
    try:
        with transaction.atomic():
            kept = files.keep(
                stream=BytesIO(content),
                name=file.name,
                purpose="report",
                visibility="public",
                by=SYSTEM,
                at=at,
            )
            matter = order.matter
            files.attach(
                file_ids=[kept.id],
                subject=Subject("matters.matter", matter.id),
                by=SYSTEM,
                at=at,
                area_path=matter.area_path,
            )
            Enclosure.objects.create(
                id=ids.uuid7(at), order=order, file=kept, outgoing=False, theirs=file.id, at=at
            )
    except Invalid:
        return False
    return True


def _opened(file_id: UUID) -> AbstractContextManager[BinaryIO]:
    return queries.open_for(SYSTEM, file_id).stream


def _carried(order_id: UUID, file_id: UUID, at: datetime, theirs: str) -> None:
    Enclosure.objects.create(
        id=ids.uuid7(at), order_id=order_id, file_id=file_id, outgoing=True, theirs=theirs, at=at
    )
