"""A unit with an installation of its own: its key, what it says of a matter, and who may say it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.acts.models import Act
from gongzhi.catalogue.procedure import Wording
from gongzhi.exchange.token_queries import actor_behind
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound, NotSignedIn
from gongzhi.matters.tests import town as towns
from gongzhi.superiors import queries, subordinates
from gongzhi.superiors.models import Standing
from gongzhi.superiors.subordinates import Word

AT = towns.AT
LATER = AT + timedelta(hours=1)
WORD = Word("K7M2X9QP4T", Wording("待派单", "Awaiting dispatch"), 3, LATER)


@pytest.fixture
def town(db):
    return towns.build()


@pytest.fixture
def number(town) -> str:
    """Dispatched to the unit."""
    number = town.open().number
    town.road(number, until="assigned")
    return str(number)


def unit_code(town, number: str) -> str:
    return town.matter(number).lead.code


def key_of(town, number: str) -> Actor:
    made = subordinates.add(organisation=unit_code(town, number), by=SYSTEM, at=AT)
    return actor_behind(f"Bearer {made.secret}", at=LATER, request_id="")


def test_it_says_where_the_matter_stands_and_both_who_work_on_it_read_it(town, number):
    key = key_of(town, number)
    subordinates.stand(number=number, word=WORD, by=key, at=LATER)
    for who in ("dispatcher", "handler"):
        _, below = queries.other_sides(visible_to=town[who], number=number)
        assert below is not None
        assert (below.number, below.state.zh) == ("K7M2X9QP4T", "待派单")
    assert Act.objects.filter(verb="superiors.stand").count() == 1


def test_a_colleague_and_a_stranger_say_nothing(town, number):
    key_of(town, number)
    for who, refusal in (("handler", NotAllowed), ("dispatcher", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            subordinates.stand(number=number, word=WORD, by=town[who], at=LATER)
    assert not Standing.objects.exists()


def test_the_same_or_older_words_change_nothing_whatever_the_clocks_say(town, number):
    key = key_of(town, number)
    subordinates.stand(number=number, word=WORD, by=key, at=LATER)
    older = replace(WORD, version=2, state=Wording("待受理", "Awaiting"), said_at=LATER + timedelta(days=1))
    for word in (WORD, older):
        assert subordinates.stand(number=number, word=word, by=key, at=LATER).state_zh == "待派单"
    assert Act.objects.filter(verb="superiors.stand").count() == 1
    newer = replace(WORD, version=4, state=Wording("办理中", "Handled"), said_at=LATER - timedelta(hours=9))
    assert subordinates.stand(number=number, word=newer, by=key, at=LATER).state_zh == "办理中"


@pytest.mark.parametrize("bad", ["", " ", "a\x00b", "x" * 81, "‮"])
def test_what_it_says_is_judged(town, number, bad):
    key = key_of(town, number)
    for word in (replace(WORD, number=bad), replace(WORD, state=Wording(bad, "x"))):
        with pytest.raises(Invalid):
            subordinates.stand(number=number, word=word, by=key, at=LATER)


def test_a_new_key_ends_the_old_one_and_an_ended_unit_has_none(town, number):
    code = unit_code(town, number)
    first = subordinates.add(organisation=code, by=SYSTEM, at=AT).secret
    second = subordinates.add(organisation=code, by=SYSTEM, at=LATER).secret
    with pytest.raises(NotSignedIn):
        actor_behind(f"Bearer {first}", at=LATER, request_id="")
    assert actor_behind(f"Bearer {second}", at=LATER, request_id="").has_role("handler")
    subordinates.end(organisation=code, by=SYSTEM, at=LATER)
    with pytest.raises(NotSignedIn):
        actor_behind(f"Bearer {second}", at=LATER, request_id="")
    with pytest.raises(NotFound):
        subordinates.end(organisation=code, by=SYSTEM, at=LATER)
    assert queries.subordinates(visible_to=SYSTEM) == []


def test_only_who_looks_after_connections_gives_a_key(town, number):
    for who in ("dispatcher", "handler", "stranger"):
        with pytest.raises(NotAllowed):
            subordinates.add(organisation=unit_code(town, number), by=town[who], at=AT)
    with pytest.raises(NotFound):
        subordinates.add(organisation="nobody", by=SYSTEM, at=AT)


def test_the_list_asks_once_and_shows_nobody_elses(town, number, django_assert_num_queries):
    key_of(town, number)
    integrator = Actor(kind="account", id=town["integrator"].id, held=(Held("integrator"),))
    with django_assert_num_queries(1):
        assert len(queries.subordinates(visible_to=integrator)) == 1
    assert queries.subordinates(visible_to=town["stranger"]) == []
