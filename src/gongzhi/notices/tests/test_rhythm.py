"""When a text goes out: quiet hours, three a day about one matter, one summary a day; never lost."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts.drafts import Subject
from gongzhi.acts.queries import timeline
from gongzhi.kernel import ids
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.kernel.refusals import Invalid, NotAllowed
from gongzhi.notices import actions, adapters, delivering, digesting, planning, ruling
from gongzhi.notices.models import Notice
from gongzhi.notices.outgoing import Outgoing, Recipient
from gongzhi.notices.rhythm import Rhythm, plan
from gongzhi.parties.actions import add_contact, register_person

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=SHANGHAI)
MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=SHANGHAI)
EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=SHANGHAI)
SUBJECT = Subject("notices_tests.thing", ids.uuid7(NOON))
OURS = Rhythm(daily_max=3, quiet_from_minute=1320, quiet_until_minute=420, digest_minute=1080, basis="x")


@pytest.fixture
def person(db):
    person = register_person(name="周晓梅", by=SYSTEM, at=NOON)
    add_contact(person_id=person.id, kind="phone", value="13800138000", by=SYSTEM, at=NOON)
    return person


@pytest.fixture
def line(monkeypatch):
    """A gateway that remembers."""
    sent = []

    class Line:
        def send(self, *, to, title, body, reference):
            sent.append((title, body))

    monkeypatch.setattr(adapters, "gateway", lambda channel: Line())
    return sent


def tell(person, at, *, text="已派单。", subject=SUBJECT, **more):
    item = Outgoing(
        template="matter.told",
        values={"number": "2026-1", "text": text},
        to=Recipient(person_id=person.id),
        subject=subject,
        act_id=ids.uuid7(at),
        **{"delivery": "now", **more},
    )
    actions.send(item, by=SYSTEM, at=at)
    return Notice.objects.filter(act_id=item.act_id).exclude(channel="shown").first()


def work(at):
    """What the worker's loops do."""
    while digesting.digest_due(at=at):
        pass
    while delivering.deliver_due(at=at):
        pass


def test_now_goes_at_once_and_waits_in_the_list_as_well(person, line):
    tell(person, NOON)
    work(NOON)
    assert len(line) == 1
    assert Notice.objects.filter(channel="shown", state="sent").count() == 1


def test_what_is_only_shown_never_leaves(person, line):
    assert tell(person, NOON, delivery="shown") is None
    work(NOON + timedelta(days=3))
    assert line == []


def test_in_quiet_hours_it_waits_for_the_morning(person, line):
    row = tell(person, NIGHT)
    work(NIGHT)
    work(MORNING - timedelta(minutes=1))
    assert (line, row.due_at) == ([], MORNING)
    work(MORNING)
    assert len(line) == 1


def test_what_is_urgent_wakes_people(person, line):
    tell(person, NIGHT, urgent=True)
    work(NIGHT)
    assert len(line) == 1


def test_a_worker_that_was_down_at_noon_wakes_nobody_at_night(person, line):
    tell(person, NOON)
    work(NIGHT)
    assert line == []
    work(MORNING)
    assert len(line) == 1


def test_the_fourth_of_a_day_goes_with_the_summary_and_another_matter_counts_for_itself(person, line):
    rows = [tell(person, NOON + timedelta(minutes=n), text=f"第{n}次") for n in range(5)]
    other = tell(person, NOON, subject=Subject("notices_tests.thing", ids.uuid7(NIGHT)))
    assert [row.state for row in rows] == ["queued"] * 3 + ["held"] * 2
    assert other.state == "queued"
    work(NOON + timedelta(hours=1))
    assert len(line) == 4
    work(EVENING)
    assert len(line) == 5
    title, body = line[-1]
    assert "2 条" in title
    assert "第3次" in body
    assert "第4次" in body
    assert tell(person, NOON + timedelta(days=1)).state == "queued"


def test_a_digest_is_one_message_a_day_with_its_words_and_template_kept(person, line):
    rows = [tell(person, NOON, delivery="digest", text=f"留言{n}") for n in range(3)]
    work(EVENING - timedelta(minutes=1))
    assert line == []
    work(EVENING)
    work(EVENING + timedelta(minutes=5))
    assert len(line) == 1
    message = Notice.objects.get(template="digest.daily")
    assert (message.template_version, message.state) == (1, "sent")
    assert all(f"留言{n}" in message.body for n in range(3))
    assert set(message.folded.values_list("id", flat=True)) == {row.id for row in rows}
    [entry] = [e for e in timeline("notices.reader", person.id) if e.verb == "notices.digest"]
    assert len(entry.payload["notices"]) == 3


def test_a_worker_that_dies_while_folding_loses_nothing_and_repeats_nothing(person, line, monkeypatch):
    tell(person, NOON, delivery="digest", text="留言")
    with monkeypatch.context() as broken:
        broken.setattr(digesting, "record", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            digesting.digest_due(at=EVENING)
    assert Notice.objects.filter(state="held").count() == 1
    digesting.digest_due(at=EVENING)
    delivering._claim(EVENING, 10)  # claimed, and the worker is gone
    work(EVENING + timedelta(minutes=6))
    work(EVENING + timedelta(hours=1))
    assert len(line) == 1


def test_a_worker_that_was_down_for_days_sends_one_summary_of_all(person, line):
    for day in range(3):
        tell(person, NOON + timedelta(days=day), delivery="digest", text=f"第{day}天")
    work(EVENING + timedelta(days=4))
    assert len(line) == 1
    assert all(f"第{day}天" in line[0][1] for day in range(3))


def test_a_summary_too_long_says_how_many_more(person, line):
    for n in range(40):
        tell(person, NOON, delivery="digest", text=f"{n}" + "长" * 100)
    work(EVENING)
    assert len(line) == 1
    assert line[0][1].endswith("请登录查看。")


def test_without_a_telephone_it_stands_in_the_list_and_nothing_waits(db):
    silent = register_person(name="李强", by=SYSTEM, at=NOON)
    assert tell(silent, NOON, delivery="digest") is None
    assert Notice.objects.filter(person=silent, channel="shown").count() == 1


def test_the_town_sets_its_own_rule_and_the_old_one_stays_readable(person):
    admin = Actor(kind="account", id=ids.uuid7(NOON), held=(Held("system_admin"),))
    own = Rhythm(
        daily_max=1,
        quiet_from_minute=1260,
        quiet_until_minute=480,
        digest_minute=1020,
        basis="区政办〔2026〕3 号",
    )
    ruling.set_rule(rhythm=own, by=admin, at=NOON)
    assert planning.rhythm(NOON) == own
    assert planning.rhythm(NOON - timedelta(days=1)).daily_max == 3
    assert [tell(person, NOON).state for _ in range(2)] == ["queued", "held"]
    head = Actor(kind="account", id=ids.uuid7(NOON), held=(Held("unit_head"),))
    with pytest.raises(NotAllowed):
        ruling.set_rule(rhythm=own, by=head, at=NOON)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"basis": " "}, "notices.no_basis"),
        ({"daily_max": 0}, "notices.rule_range"),
        ({"digest_minute": 1400}, "notices.digest_quiet"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(db, change, code):
    given = {
        "daily_max": 3,
        "quiet_from_minute": 1320,
        "quiet_until_minute": 420,
        "digest_minute": 1080,
        "basis": "x",
    }
    with pytest.raises(Invalid) as caught:
        ruling.set_rule(rhythm=Rhythm(**{**given, **change}), by=SYSTEM, at=NOON)
    assert caught.value.code == code


_instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001


@given(_instants, st.sampled_from(["now", "digest"]), st.integers(0, 5))
def test_nothing_goes_in_quiet_hours_nor_later_than_two_days(at, delivery, before):
    sent = {at.date() + timedelta(days=n): before for n in range(3)}
    found = plan(OURS, delivery=delivery, urgent=False, sent=sent, at=at)
    assert not OURS.is_quiet(found.due_at)
    assert at <= found.due_at <= at + timedelta(days=2)
    assert found.held == (delivery == "digest" or before >= 3)


@given(_instants)
def test_what_is_urgent_is_never_held(at):
    found = plan(OURS, delivery="now", urgent=True, sent={at.date(): 9}, at=at)
    assert (found.due_at, found.held) == (at, False)
