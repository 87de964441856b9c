"""Carrying queued notices to gateways: claimed with SKIP LOCKED, sent outside any transaction, tried again with
growing pauses. A crash between gateway and row sends once more: at least once, never silently not at all."""

import logging
from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import SYSTEM
from gongzhi.notices import adapters, planning, rules
from gongzhi.notices.adapters import Undeliverable
from gongzhi.notices.models import Notice
from gongzhi.parties import unmasking

log = logging.getLogger("gongzhi.notices")
_CONTACT = {"sms": "phone", "mail": "email"}
BATCH = 50


def deliver_due(*, at: datetime, limit: int = BATCH) -> int:
    """Send what is due; returns how many notices were tried. Several workers may run it at once."""
    claimed = _claim(at, limit)
    for notice in claimed:
        try:
            _carry(notice, at)
        except Undeliverable as error:
            _settle(notice, state="failed", due_at=None, error=str(error)[:200])
        except Exception as error:
            log.warning("notice %s could not be sent: %s", notice.id, type(error).__name__)
            again = rules.next_attempt(notice.attempts, at)
            state = "queued" if again else "failed"
            _settle(notice, state=state, due_at=again, error=type(error).__name__)
        else:
            _settle(notice, state="sent", due_at=None, error="", sent_at=at)
    return len(claimed)


def _claim(at: datetime, limit: int) -> list[Notice]:
    """Ours until the lease ends: a worker that dies leaves its notices to the next."""
    with transaction.atomic():
        due = Notice.objects.filter(state="queued", due_at__lte=at).order_by("due_at")
        if planning.rhythm(at).is_quiet(at):
            due = due.filter(urgent=True)  # a late worker or a second attempt wakes nobody either
        claimed = list(due.select_for_update(skip_locked=True)[:limit])
        for notice in claimed:
            notice.attempts += 1
            notice.due_at = at + rules.LEASE
        Notice.objects.bulk_update(claimed, ["attempts", "due_at"])
    return claimed


def _carry(notice: Notice, at: datetime) -> None:
    """The contact is decrypted here, used once and forgotten."""
    kind = _CONTACT[notice.channel]
    if notice.person_id is None:
        raise Undeliverable("no_person")
    clear = unmasking.reveal(person_id=notice.person_id, purpose="notice", by=SYSTEM, at=at, kinds=(kind,))
    contact = next((value for found, value in clear.contacts if found == kind), "")
    if not contact:
        raise Undeliverable("no_contact")
    adapters.gateway(notice.channel).send(
        to=contact, title=notice.title, body=notice.body, reference=str(notice.id)
    )


def _settle(notice: Notice, **values: object) -> None:
    Notice.objects.filter(id=notice.id, state="queued").update(**values)
