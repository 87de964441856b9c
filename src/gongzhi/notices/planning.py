"""The town's rule in force, and what it makes of a batch of notices: three statements however many."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml
from django.db.models import Q

from gongzhi.notices.models import Notice, NoticeRule
from gongzhi.notices.outgoing import Outgoing
from gongzhi.notices.rhythm import Plan, Rhythm, plan
from gongzhi.parties.models import ContactPoint

FILE = Path(__file__).parent / "data" / "rule.yaml"
_OURS = ("daily_max", "quiet_from_minute", "quiet_until_minute", "digest_minute", "basis")
_About = tuple[UUID, str]  # person, subject


@dataclass(slots=True)
class Plans:
    """Counts on while a batch is planned."""

    rhythm: Rhythm
    at: datetime
    reachable: set[UUID] = field(default_factory=set)
    sent: dict[_About, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, item: Outgoing) -> Plan | None:
        """None: it stays in the list and nothing is carried."""
        person_id = item.to.person_id
        if item.delivery == "shown" or person_id is None or person_id not in self.reachable:
            return None
        return plan(
            self.rhythm,
            delivery=item.delivery,
            urgent=item.urgent,
            sent=self.sent[person_id, str(item.subject.id)],
            at=self.at,
        )


def plans(outgoing: Sequence[Outgoing], at: datetime) -> Plans:
    """What is known before a batch: who has a telephone, what went to them today."""
    carried = [item for item in outgoing if item.delivery != "shown" and item.to.person_id]
    if not carried:
        return Plans(_shipped(), at)
    found = Plans(rhythm(at), at, _with_phone(item.to.person_id for item in carried))
    rows = Notice.objects.filter(
        person_id__in=found.reachable,
        subject_id__in={str(item.subject.id) for item in carried},
        goes_on__gte=at.date(),
    )
    counted = Counter(rows.values_list("person_id", "subject_id", "goes_on"))
    for (person_id, subject_id, day), number in counted.items():
        if person_id is not None and day is not None:
            found.sent[person_id, subject_id][day] = number
    return found


def rhythm(at: datetime) -> Rhythm:
    """The rule of the town at an instant; the shipped default before it set one."""
    rows = NoticeRule.objects.filter(valid_from__lte=at).order_by("-valid_from", "-id")
    row = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at)).values(*_OURS).first()
    return Rhythm(**row) if row else _shipped()


@cache
def _shipped() -> Rhythm:
    given = yaml.safe_load(FILE.read_text("utf-8"))
    return Rhythm(
        daily_max=given["daily_max"],
        quiet_from_minute=minute(given["quiet_from"]),
        quiet_until_minute=minute(given["quiet_until"]),
        digest_minute=minute(given["digest_at"]),
        basis=given["basis"],
    )


def minute(clock: str) -> int:
    """ "07:30" → 450. Raises ValueError."""
    hours, minutes = (int(part) for part in clock.split(":"))
    if not (0 <= hours < 24 and 0 <= minutes < 60):
        raise ValueError(clock)
    return hours * 60 + minutes


def _with_phone(person_ids: Iterable[UUID | None]) -> set[UUID]:
    wanted = {person_id for person_id in person_ids if person_id}
    points = ContactPoint.objects.filter(person_id__in=wanted, kind="phone", ended_at__isnull=True)
    return {person_id for person_id in points.values_list("person_id", flat=True) if person_id}
