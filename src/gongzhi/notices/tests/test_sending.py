"""Telling people: once, in kept words, to the right readers, by gateways that may fail."""

import json
from datetime import timedelta

import pytest

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.acts import queries as acts
from gongzhi.acts.drafts import Subject
from gongzhi.installation.home import Home
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import NotAllowed, NotFound
from gongzhi.notices import actions, adapters, delivering, queries, rules
from gongzhi.notices.adapters import outbox
from gongzhi.notices.models import Notice
from gongzhi.notices.outgoing import Outgoing, Recipient
from gongzhi.parties.actions.contacts import add_contact
from gongzhi.parties.actions.organisations import register_organisation
from gongzhi.parties.actions.people import register_person

AT = clock.now()
LATER = AT + timedelta(hours=1)
SUBJECT = Subject("notices_tests.thing", ids.uuid7(AT))


@pytest.fixture
def person(db):
    person = register_person(name="周晓梅", by=SYSTEM, at=AT)
    add_contact(person_id=person.id, kind="phone", value="13800138000", by=SYSTEM, at=AT)
    return person


def reader(person):
    return Actor(kind="account", id=ids.uuid7(AT), party_id=person.id)


def told(to, **more):
    values = {"number": "2026-1", "text": "已派单。"}
    return Outgoing(
        **{
            "template": "matter.told",
            "values": values,
            "to": to,
            "subject": SUBJECT,
            "act_id": ids.uuid7(AT),
            **more,
        }
    )


def test_the_words_and_the_template_version_are_kept(person):
    (id_,) = actions.send(told(Recipient(person_id=person.id, language="en")), by=SYSTEM, at=AT)
    notice = Notice.objects.get(id=id_)
    assert (notice.title, notice.template_version, notice.state) == ("News on your report 2026-1", 1, "sent")
    (row,) = queries.of_subject(subject_kind=SUBJECT.kind, subject_id=SUBJECT.id)
    assert row.body == "已派单。 (No. 2026-1)"


def test_one_act_tells_one_recipient_once_by_each_way(person):
    item = told(Recipient(person_id=person.id), channels=("shown", "sms"))
    assert len(actions.send(item, by=SYSTEM, at=AT)) == 2
    assert actions.send(item, by=SYSTEM, at=AT) == []
    assert len(actions.send_many([item, told(Recipient(person_id=person.id))], by=SYSTEM, at=AT)) == 1


def test_telling_is_an_act_about_the_subject_without_words_or_names(person):
    actions.send(told(Recipient(person_id=person.id), channels=("shown", "sms")), by=SYSTEM, at=AT)
    (entry,) = acts.timeline(SUBJECT.kind, SUBJECT.id)
    assert entry.verb == "notices.send"
    assert [t["channel"] for t in entry.payload["told"]] == ["shown", "sms"]
    assert "已派单" not in json.dumps(entry.payload, ensure_ascii=False)


def test_reader_colleague_and_stranger(person):
    other = register_person(name="李强", by=SYSTEM, at=AT)
    actions.send(told(Recipient(person_id=person.id)), by=SYSTEM, at=AT)
    assert len(queries.unseen(visible_to=reader(person))) == 1
    assert queries.unseen(visible_to=reader(other)) == []
    assert queries.unseen(visible_to=ANONYMOUS) == []


def test_an_organisation_is_told_to_its_people_only(db):
    organisation = register_organisation(code="cg", name="城管中队", kind="station", by=SYSTEM, at=AT)
    actions.send(told(Recipient(organisation_id=organisation.id)), by=SYSTEM, at=AT)
    handler = Actor(
        kind="account", id=ids.uuid7(AT), held=(Held("handler", organisation_id=organisation.id),)
    )
    elsewhere = Actor(
        kind="account", id=ids.uuid7(AT), held=(Held("handler", organisation_id=ids.uuid7(AT)),)
    )
    wrong_role = Actor(
        kind="account", id=ids.uuid7(AT), held=(Held("integrator", organisation_id=organisation.id),)
    )
    assert [queries.unseen_count(visible_to=a) for a in (handler, elsewhere, wrong_role)] == [1, 0, 0]


def test_a_role_is_told_to_its_holders_above_the_area_only(db):
    actions.send(told(Recipient(role="dispatcher", area_path="43/4301/")), by=SYSTEM, at=AT)

    def count(role, path):
        actor = Actor(kind="account", id=ids.uuid7(AT), held=(Held(role, area_path=path),))
        return queries.unseen_count(visible_to=actor)

    assert [count("dispatcher", p) for p in ("43/4301/", "43/", "", "43/4302/", "43/4301/01/")] == [
        1,
        1,
        1,
        0,
        0,
    ]
    assert count("quality", "43/") == 0


def test_a_machine_role_is_told_wherever_it_is_held(db):
    actions.send(told(Recipient(role="system_admin")), by=SYSTEM, at=AT)
    admin = Actor(kind="account", id=ids.uuid7(AT), held=(Held("system_admin"),))
    assert queries.unseen_count(visible_to=admin) == 1


def test_only_the_reader_marks_a_notice_seen_and_only_once(person):
    notice_ids = actions.send(told(Recipient(person_id=person.id)), by=SYSTEM, at=AT)
    stranger = reader(register_person(name="李强", by=SYSTEM, at=AT))
    assert actions.mark_seen(notice_ids=notice_ids, by=stranger, at=LATER) == 0
    assert actions.mark_seen(notice_ids=notice_ids, by=reader(person), at=LATER) == 1
    assert actions.mark_seen(notice_ids=notice_ids, by=reader(person), at=LATER) == 0
    assert queries.unseen(visible_to=reader(person)) == []
    assert queries.for_party(visible_to=reader(person))[0].seen_at == LATER


@pytest.mark.parametrize("count", [5, 50])
def test_lists_are_one_query_whatever_their_length(person, count, django_assert_num_queries):
    actions.send_many([told(Recipient(person_id=person.id)) for _ in range(count)], by=SYSTEM, at=AT)
    with django_assert_num_queries(1):
        assert len(queries.unseen(visible_to=reader(person), limit=100)) == count
    with django_assert_num_queries(1):
        assert queries.unseen_count(visible_to=reader(person)) == count


class Line:
    """A gateway for tests."""

    def __init__(self, *failures):
        self.failures, self.sent = list(failures), []

    def send(self, **text):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(text)


@pytest.fixture
def line(monkeypatch):
    line = Line()
    monkeypatch.setattr(adapters, "gateway", lambda channel: line)
    return line


def queued(person, **more):
    (id_,) = actions.send(told(Recipient(person_id=person.id), channels=("sms",), **more), by=SYSTEM, at=AT)
    return id_


def state(id_):
    return Notice.objects.values_list("state", "attempts", "error").get(id=id_)


def test_a_text_message_is_sent_once_to_the_number_decrypted_then(person, line):
    id_ = queued(person)
    assert delivering.deliver_due(at=AT) == 1
    assert delivering.deliver_due(at=LATER) == 0
    assert [text["to"] for text in line.sent] == ["13800138000"]
    assert state(id_) == ("sent", 1, "")


def test_a_failing_gateway_is_tried_again_with_growing_pauses_and_then_given_up_visibly(person, line):
    id_ = queued(person)
    line.failures = [ConnectionError("13800138000 refused")] * 20
    at, tries = AT, 0
    while Notice.objects.filter(state="queued").exists():
        at = Notice.objects.get(id=id_).due_at
        tries += delivering.deliver_due(at=at)
    assert tries == len(rules.RETRY_MINUTES) + 1
    assert state(id_) == ("failed", tries, "ConnectionError")
    admin = Actor(kind="account", id=ids.uuid7(AT), held=(Held("system_admin"),))
    (row,) = queries.failed(visible_to=admin)
    line.failures = []
    actions.retry(notice_id=row.id, by=admin, at=at)
    delivering.deliver_due(at=at)
    assert state(id_)[0] == "sent"


def test_who_has_no_number_is_failed_at_once(db, line):
    id_ = queued(register_person(name="李强", by=SYSTEM, at=AT))
    delivering.deliver_due(at=AT)
    assert state(id_) == ("failed", 1, "no_contact")


def test_a_worker_that_died_leaves_its_notices_to_the_next(person, line):
    id_ = queued(person)
    delivering._claim(AT, 10)
    assert delivering.deliver_due(at=AT) == 0
    assert delivering.deliver_due(at=AT + rules.LEASE) == 1
    assert state(id_) == ("sent", 2, "")


def test_failures_are_for_administrators(person):
    handler = Actor(kind="account", id=ids.uuid7(AT), held=(Held("handler"),))
    with pytest.raises(NotAllowed):
        queries.failed(visible_to=handler)
    with pytest.raises(NotAllowed):
        actions.retry(notice_id=ids.uuid7(AT), by=handler, at=AT)
    with pytest.raises(NotFound):
        actions.retry(notice_id=ids.uuid7(AT), by=SYSTEM, at=AT)


def test_the_fake_writes_a_masked_line_warns_and_is_named_by_the_doctor(
    person, monkeypatch, tmp_path, caplog
):
    monkeypatch.setattr(outbox, "home", lambda: Home(tmp_path))
    monkeypatch.delenv("GONGZHI_SMS", raising=False)
    item = told(
        Recipient(person_id=person.id), channels=("sms",), values={"number": "1", "text": "请拨打13800138000"}
    )
    actions.send(item, by=SYSTEM, at=AT)
    delivering.deliver_due(at=AT)
    written = (tmp_path / "log" / "outbox.jsonl").read_text()
    assert "138****8000" in written
    assert "13800138000" not in written + caplog.text
    assert "sent to nobody" in caplog.text
    assert (tmp_path / "log" / "outbox.jsonl").stat().st_mode & 0o077 == 0
    assert {f.code for f in adapters.findings()} == {"notices.sms_fake", "notices.mail_fake"}


@pytest.mark.parametrize("name", ["nothing", "os.path", "../fake"])
def test_an_unknown_gateway_is_refused(name, monkeypatch):
    monkeypatch.setenv("GONGZHI_SMS", name)
    with pytest.raises(ValueError):
        adapters.gateway("sms")


def test_mail_goes_through_the_configured_server(monkeypatch):
    from gongzhi.notices.adapters.mail import smtp

    sent = []
    monkeypatch.setenv("GONGZHI_MAIL", "smtp")
    monkeypatch.setenv("GONGZHI_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("GONGZHI_SMTP_FROM", "town@example.org")
    monkeypatch.setattr(smtp.EmailBackend, "send_messages", lambda self, messages: sent.extend(messages) or 1)
    adapters.gateway("mail").send(to="a@example.org", title="t", body="b", reference="r")
    assert sent[0].to == ["a@example.org"]
