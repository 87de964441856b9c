"""The day's summary: what was held back for a person becomes one message, in one transaction; a worker that dies has
folded all of it or nothing, and the next one finds what is still held.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.notices import events, templates
from gongzhi.notices.models import Notice
from gongzhi.notices.outgoing import Recipient

PEOPLE = 100
_LETTERS_MAX = 1800  # below templates.VALUE_MAX, so that no line is cut
_MORE = {"zh-hans": "另有 {count} 条，请登录查看。", "en": "{count} more; please sign in to read them."}


def digest_due(*, at: datetime, people: int = PEOPLE) -> int:
    """One message to each of up to `people` whose summary is due; returns how many. One worker at a time."""
    with transaction.atomic():
        if not _ours():
            return 0
        held = Notice.objects.filter(state="held", due_at__lte=at)
        persons = list(held.order_by("person_id").values_list("person_id", flat=True).distinct()[:people])
        rows = (
            held.filter(person_id__in=persons).select_for_update().order_by("person_id", "created_at", "id")
        )
        told = 0
        for person_id, own in groupby(rows, key=lambda notice: notice.person_id):
            if person_id is not None:
                _fold(person_id, list(own), at)
                told += 1
    return told


def _fold(person_id: UUID, held: Sequence[Notice], at: datetime) -> None:
    template = templates.find("digest.daily")
    language, id_ = held[-1].language, ids.uuid7(at)
    values = {"count": str(len(held)), "lines": _lines(held, language)}
    words = templates.rendered(template, language, values)
    event = events.Digested(id_, template.version, tuple(notice.id for notice in held))
    subject = Subject("notices.reader", person_id)
    act_id = record(verb="notices.digest", subject=subject, by=SYSTEM, at=at, event=event)
    message = Notice.objects.create(
        id=id_,
        recipient=Recipient(person_id=person_id).reference,
        person_id=person_id,
        subject_kind=subject.kind,
        subject_id=str(subject.id),
        act_id=act_id,
        template=template.code,
        template_version=template.version,
        language=language,
        title=words.title,
        body=words.body,
        channel="sms",
        state="queued",
        created_at=at,
        due_at=at,
    )
    Notice.objects.filter(id__in=event.notices).update(state="folded", due_at=None, digest=message)


def _lines(held: Sequence[Notice], language: str) -> str:
    """As many as fit, then how many more: those stand in the reader's list."""
    lines: list[str] = []
    for number, notice in enumerate(held):
        line = f"{number + 1}. {notice.body}"
        if sum(map(len, lines)) + len(line) > _LETTERS_MAX:
            more = _MORE.get(language, _MORE["zh-hans"]).format(count=len(held) - number)
            return "\n".join([*lines, more])
        lines.append(line)
    return "\n".join(lines)


def _ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('notices.digest', 0))")
        return bool(cursor.fetchone()[0])
