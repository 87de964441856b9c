"""Recording: inside a transaction, all or nothing, in order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.acts import actions, queries
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.acts.events import event
from gongzhi.kernel import clock, ids


@event("acts_tests.noted", version=1)
@dataclass(frozen=True, slots=True)
class Noted:
    text: str
    seen_at: datetime | None = None


AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def note(
    subject: Subject, text: str = "路灯不亮", *, by: Actor = SYSTEM, verb: str = "acts_tests.note"
) -> Draft:
    return Draft(verb=verb, subject=subject, by=by, at=AT, event=Noted(text, AT), area_path="430102/")


def test_an_act_keeps_when_it_happened_and_when_it_was_recorded(db):
    subject = Subject("acts_tests.thing", ids.uuid7(clock.now()))
    actions.record(verb="acts_tests.note", subject=subject, by=SYSTEM, at=AT, event=Noted("路灯不亮"))
    (entry,) = queries.timeline(subject.kind, subject.id)
    assert entry.at == AT
    assert abs(entry.recorded_at - clock.now()) < timedelta(minutes=1)
    assert entry.payload == {"text": "路灯不亮", "seen_at": None}
    assert entry.position is None
