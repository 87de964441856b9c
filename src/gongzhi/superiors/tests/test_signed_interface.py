"""A superior by signed JSON, recorded: repeated, out of order, slow, failing, forged; every message in effect once."""

from datetime import timedelta
from pathlib import Path

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts import reacting
from gongzhi.acts.models import Act
from gongzhi.exchange import outbound
from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound
from gongzhi.matters import actions as matters
from gongzhi.matters.models import Diversion, Matter, Note, SuperiorOrder
from gongzhi.matters.tests import town as towns
from gongzhi.superiors import actions, polling, queries, sending, timing
from gongzhi.superiors.models import Message, Order, Superior
from gongzhi.superiors.tests.recorded_superior import SECRET, answering

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "digital_city.superior.yaml"
AT = towns.AT


@pytest.fixture
def recorded():
    with answering("digital_city.json") as superior:
        yield superior


@pytest.fixture
def town(db):
    return towns.build()


@pytest.fixture
def city(town, recorded) -> Superior:
    mapping = EXAMPLE.read_text(encoding="utf-8").replace('"430102001"', '"510000001"')
    mapping = mapping.replace("  text: eventDesc\n", "  text: eventDesc\n  category: {constant: lamp}\n")
    return actions.add(mapping=mapping, url=recorded.url, secret=SECRET, by=SYSTEM, at=AT)


def read(city, *, at=AT + timedelta(hours=5)):
    city.refresh_from_db()
    polling.read(superior=city, at=at)
    city.refresh_from_db()


def outcomes():
    rows = Message.objects.filter(outgoing=False).order_by("id")
    return {message.key: message.state for message in rows}


def test_a_feed_with_repetitions_old_words_and_rubbish_makes_one_matter_each(city, recorded):
    read(city)
    assert outcomes() == {
        "e3": "taken", "e1": "taken", "e4": "taken", "e2": "stale", "unread:e5": "refused", "unread:e6": "refused",
        "e7": "taken",
    }  # fmt: skip
    matter = Matter.objects.get(external_id="DC-1")
    order = SuperiorOrder.objects.get(matter=matter, ended_at=None)
    assert f"{order.due_at:%m-%dT%H}" == "03-03T10"  # the newest words, not the last to come
    assert matter.words.text == "S1 门口路灯不亮"
    assert Note.objects.filter(matter=matter, text="居民再次来电").exists()  # came before its order
    assert Order.objects.get(number="DC-1").state == "处置中"
    assert city.cursor == "c2"
    before = (Matter.objects.count(), Message.objects.count(), Act.objects.count())
    read(city)
    assert (Matter.objects.count(), Message.objects.count(), Act.objects.count()) == before


def test_the_feed_read_again_from_the_start_changes_nothing(city):
    read(city)
    before = (Matter.objects.count(), Message.objects.count(), Act.objects.count())
    Superior.objects.update(cursor="")
    read(city)
    assert (Matter.objects.count(), Message.objects.count(), Act.objects.count()) == before


@pytest.mark.parametrize("fault", [500, 302, "forged", "slow"])
def test_a_superior_in_trouble_is_asked_again_later_and_says_why(city, recorded, fault, monkeypatch):
    monkeypatch.setattr(
        outbound.get, "__kwdefaults__", {**outbound.get.__kwdefaults__, "timeout_seconds": 0.3}
    )
    recorded.faults = [fault]
    at = AT + timedelta(hours=5)
    read(city, at=at)
    assert city.trouble
    assert (city.failures, Matter.objects.count()) == (1, 0)
    assert city.due_at > at + timing.READ_EVERY
    read(city, at=at)
    assert (city.trouble, city.failures, Matter.objects.count()) == ("", 0, 2)


def accepted(city, town, recorded):
    read(city)
    number = Matter.objects.get(external_id="DC-1").number
    at = AT + timedelta(hours=6)
    matters.perform(number=number, verb="accept", form={}, by=town["dispatcher"], at=at)
    reacting.settle(strict=True)
    return number, at


@pytest.mark.parametrize("faults", [[], [500], [503, 500], ["drop"], ["drop", 500]])
def test_a_message_has_one_effect_whatever_happens_on_the_way(city, town, recorded, faults):
    accepted(city, town, recorded)
    recorded.faults = list(faults)
    for _ in range(len(faults) + 1):
        sending.send_due(at=AT + timedelta(hours=7), superior=city)
    message = Message.objects.get(outgoing=True)
    assert (message.state, message.receipt) == ("sent", "R-1")
    assert message.attempts == len(faults) + 1
    assert list(recorded.receipts.values()) == ["R-1"]
    assert recorded.received[-1]["values"]["action"] == "SIGN"
    assert recorded.unsigned == 0


def test_a_final_refusal_is_visible_and_can_be_sent_again_by_the_desk_only(city, town, recorded):
    accepted(city, town, recorded)
    recorded.faults = [422]
    sending.send_due(at=AT + timedelta(hours=7), superior=city)
    message = Message.objects.get(outgoing=True)
    assert (message.state, message.error) == ("failed", "HTTP 422")
    assert queries.health(AT)[0] == 1
    at = AT + timedelta(hours=8)
    for who, refusal in (("handler", NotFound), ("west_dispatcher", NotFound), ("stranger", NotFound)):
        with pytest.raises(refusal):
            actions.send_again(message_id=message.id, by=town[who], at=at)
    actions.send_again(message_id=message.id, by=town["east_dispatcher"], at=at)
    with pytest.raises(Conflict):
        actions.send_again(message_id=message.id, by=town["dispatcher"], at=at)
    sending.send_due(at=at, superior=city)
    message.refresh_from_db()
    assert message.state == "sent"


def test_nobody_here_decides_what_is_the_superiors(city, town, recorded):
    number, at = accepted(city, town, recorded)
    form = {"reason": "不在辖区"}
    matters.perform(number=number, verb="ask_superior_return", form=form, by=town["dispatcher"], at=at)
    granted = {"decision": "granted", "reason": "自批"}
    for who in ("dispatcher", "east_dispatcher", "supervisor", "street_leader", "integrator"):
        with pytest.raises((NotAllowed, NotFound)):
            matters.perform(number=number, verb="rule_superior_return", form=granted, by=town[who], at=at)
    recorded.feed.append(
        {
            "next": "c3",
            "items": [
                {"taskNum": "DC-1", "event": "BACK_OK", "eventId": "e9", "deadline": "", "opinion": "同意"}
            ],
        }
    )
    read(city)
    assert town.matter(number).state == "diverted"
    assert Diversion.objects.get(matter__number=number).reason == "returned_to_superior"


def test_words_of_a_superior_are_words_and_nothing_else(city, town, recorded):
    read(city)
    matter = Matter.objects.get(external_id="DC-4")
    assert matter.words.text.startswith("<script>")  # kept as said, escaped where shown
    matters.perform(
        number=matter.number, verb="accept", form={}, by=town["dispatcher"], at=AT + timedelta(hours=6)
    )
    reacting.settle(strict=True)
    assert Message.objects.get(outgoing=True).body["taskNum"] == "DC-4"


def test_only_who_looks_after_connections_adds_one_and_no_inside_address_is_taken(
    town, recorded, monkeypatch
):
    mapping = EXAMPLE.read_text(encoding="utf-8").replace('"430102001"', '"510000001"')
    for who in ("dispatcher", "handler", "stranger"):
        with pytest.raises(NotAllowed):
            actions.add(mapping=mapping, url=recorded.url, secret=SECRET, by=town[who], at=AT)
    monkeypatch.delenv("GONGZHI_OUTBOUND_ALLOW")
    for url in ("http://127.0.0.1/", "https://169.254.169.254/", "file:///etc/passwd", "https://localhost/"):
        with pytest.raises(Exception) as refused:
            actions.add(mapping=mapping, url=url, secret=SECRET, by=town["integrator"], at=AT)
        assert type(refused.value).__name__ == "Invalid"
    assert not Superior.objects.exists()


def test_the_secret_is_sealed_and_read_by_nobody(city):
    assert SECRET.encode() not in bytes(city.secret_sealed)
    assert SECRET not in str(queries.superiors(visible_to=SYSTEM))
    assert SECRET not in str(list(Act.objects.values()))


def test_lists_ask_as_often_for_fifty_as_for_five(city, town, django_assert_num_queries):
    actor = Actor(kind="account", id=town["integrator"].id, held=(Held("integrator"),))
    read(city)
    with django_assert_num_queries(2):
        assert queries.superiors(visible_to=actor)[0].orders == 2
    with django_assert_num_queries(1):
        assert len(queries.messages(visible_to=actor, limit=5)) == 5
    with django_assert_num_queries(1):
        queries.messages(visible_to=actor, limit=50)
    assert queries.messages(visible_to=town["west_dispatcher"]) == []
    assert queries.messages(visible_to=town["stranger"]) == []
