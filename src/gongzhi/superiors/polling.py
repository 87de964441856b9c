"""Reading superiors: those we call, by their feed; the others by the files laid into their folder."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters.models import SuperiorRequest
from gongzhi.superiors import enclosing, files, timing
from gongzhi.superiors.adapters import ADAPTERS
from gongzhi.superiors.adapters.shapes import Fetched, Known, Unreachable
from gongzhi.superiors.models import Message, Order, Superior
from gongzhi.superiors.receiving import receive
from gongzhi.superiors.sending import line_of

log = logging.getLogger("gongzhi.superiors")
_PAGES_MAX = 20


def read_due(*, at: datetime) -> int:
    """Read every superior that is due; returns how many."""
    due = _claim(at)
    for superior in due:
        read(superior=superior, at=at)
    return len(due)


def read(*, superior: Superior, at: datetime) -> int:
    """Read one superior to the end; returns how many rows were looked at. Its trouble is kept on its row."""
    rows, trouble = 0, ""
    try:
        rows = _calling(superior, at) if ADAPTERS[superior.transport].fetch else files.sweep(superior, at=at)
    except Unreachable as error:
        trouble = str(error)[:200]
    except Exception as error:
        log.exception("reading %s failed", superior.code)
        trouble = type(error).__name__
    _note(superior, trouble, at)
    return rows


def _claim(at: datetime) -> list[Superior]:
    with transaction.atomic():
        rows = Superior.objects.filter(ended_at=None, due_at__lte=at).order_by("due_at")
        claimed = list(rows.select_for_update(skip_locked=True)[:20])
        Superior.objects.filter(id__in=[one.id for one in claimed]).update(due_at=at + timing.LEASE)
    return claimed


def _calling(superior: Superior, at: datetime) -> int:
    fetch, seen = ADAPTERS[superior.transport].fetch, 0
    if fetch is None:
        return 0
    for _ in range(_PAGES_MAX):
        line = line_of(superior)
        fetched = fetch(line, _known(superior), at)
        for row in fetched.rows:
            _take(superior, row, at)
        seen += len(fetched.rows)
        enclosing.take(superior, line, fetched.files, at=at)
        _remember(superior, fetched)
        if not fetched.more:
            break
    return seen


def _take(superior: Superior, row: Mapping[str, str], at: datetime) -> None:
    """A row that cannot be read does not hold up the others: it is in the log with its reason."""
    mapping = line_of(superior).mapping
    try:
        receive(superior=superior, mapping=mapping, row=row, at=at)
    except Invalid as refusal:
        number = _plain(row, mapping.fields["number"].columns)
        message = _plain(row, mapping.fields["message"].columns) if "message" in mapping.fields else ""
        Message.objects.get_or_create(
            superior=superior,
            outgoing=False,
            key=(f"unread:{message or number or ids.uuid7(at)}")[:120],
            defaults={
                "id": ids.uuid7(at),
                "kind": "unread",
                "number": number or "—",
                "state": "refused",
                "at": at,
                "done_at": at,
                "error": f"{refusal.code} {refusal.field}"[:300],
            },
        )


def _plain(row: Mapping[str, str], columns: tuple[str, ...]) -> str:
    text = "".join(row.get(column, "") for column in columns[:1])
    return "".join(letter for letter in text if letter.isprintable())[:80]


def _known(superior: Superior) -> list[Known]:
    """Those that are not over. Only another installation of ours is asked about each of them."""
    if superior.transport != "sister":
        return []
    asked = SuperiorRequest.objects.filter(
        matter_id=OuterRef("matter_id"), about="return", decided_at__isnull=True, ended_at__isnull=True
    )
    rows = Order.objects.filter(superior=superior).annotate(asked=Exists(asked))
    return [Known(*row) for row in rows.values_list("number", "version", "asked")]


def _remember(superior: Superior, fetched: Fetched) -> None:
    """After every row was taken: read again after a crash, they are known already."""
    with transaction.atomic():
        for number, version in fetched.versions.items():
            Order.objects.filter(superior=superior, number=number).update(version=version[:40])
        superior.cursor = fetched.cursor
        Superior.objects.filter(id=superior.id).update(
            cursor=fetched.cursor, skew_seconds=fetched.skew_seconds
        )


def _note(superior: Superior, trouble: str, at: datetime) -> None:
    superior.failures = superior.failures + 1 if trouble else 0
    values = {
        "trouble": trouble,
        "failures": superior.failures,
        "due_at": timing.next_reading(superior.failures, at),
    }
    if not trouble:
        values["heard_at"] = at
    Superior.objects.filter(id=superior.id).update(**values)
