"""Counts go to those whose lists moved: once for equal rights, in their language."""

import json
import threading

import pytest

from gongzhi.lane.counting import Counting
from gongzhi.lane.hearers import Group, Hearer, Offer
from gongzhi.matters.tests.town import Town

pytestmark = pytest.mark.django_db(transaction=True)


def test_those_with_a_list_are_sent_their_counts(committed_town: Town) -> None:
    actor = committed_town["dispatcher"]
    committed_town.open_several(3)
    zh, en = Hearer(actor, wants="list"), Hearer(actor, wants="list", language="en")
    group = Group(actor, {zh, en, Hearer(actor), Hearer(actor, wants="case")}, lists=2)
    sent: list[Offer] = []
    there = threading.Event()

    def send(offers: list[Offer]) -> None:
        sent.extend(offers)
        there.set()

    counting = Counting(groups=lambda: [group], send=send)
    counting.start()
    try:
        counting.add([group])
        assert there.wait(10)
    finally:
        counting.stop()
    assert {hearer for hearer, _ in sent} == {zh, en}
    events = {hearer: json.loads(event.split(b"data: ")[1]) for hearer, event in sent}
    assert ">3<" in events[zh]["to_accept"]
    assert b"id: " not in sent[0][1]
