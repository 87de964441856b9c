"""An emergency is passed on with the caller on the line and stays ours to follow; what 110 hands over comes in with its number."""

from datetime import timedelta

import pytest

from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound
from gongzhi.matters import queries
from gongzhi.matters.models import ClockRun, Diversion, Transfer
from gongzhi.matters.queries import Filters
from gongzhi.matters.tests.scenes import WHO, form


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def running(town, number):
    return ClockRun.objects.filter(matter__number=number, stopped_at__isnull=True)


def transferred(town):
    number = town.open().number
    do(town, number, "transfer")
    return number


def test_a_transferred_matter_is_open_and_has_one_clock_of_its_own(town):
    number = transferred(town)
    matter, [clock] = town.matter(number), running(town, number)
    assert (matter.state, matter.closed_at, clock.code) == ("transferred", None, "transfer")
    assert clock.due_at - clock.started_at == timedelta(hours=2)
    assert Diversion.objects.get(matter=matter).reason == "emergency"
    waiting = queries.page(
        visible_to=town["dispatcher"], filters=Filters(queue="transferred"), at=town.clock, limit=5
    )
    assert [row.number for row in waiting.rows] == [number]


def test_asking_there_starts_the_clock_anew_and_the_reporter_reads_how_far_it_is(town):
    number = transferred(town)
    [first] = running(town, number)
    town.later(hours=1)
    do(town, number, "follow_transfer")
    [second] = running(town, number)
    assert second.due_at > first.due_at
    view = queries.case(visible_to=town["reporter"], number=number, at=town.clock)
    assert "消防车已到场" in [entry.form.get("text") for entry in view.timeline]


def test_the_usual_words_are_used_where_none_were_written_in_the_reporters_language(town):
    number = town.open(language="en").number
    do(town, number, "transfer")
    view = queries.case(visible_to=town["reporter"], number=number, at=town.clock)
    assert "passed to 119" in view.timeline[0].form["reply"]
    other = town.open().number
    do(town, other, "divert", reason="legal_channel", reply="")
    assert "12368" in Diversion.objects.get(matter__number=other).reply
    mine = town.open().number
    do(town, mine, "divert", reply="请找物业。")
    assert Diversion.objects.get(matter__number=mine).reply == "请找物业。"


def test_settled_it_is_closed_with_the_outcome_and_may_be_reopened(town):
    number = transferred(town)
    do(town, number, "end_transfer", their_number="X-8")
    assert town.matter(number).state == "closed"
    assert not running(town, number).exists()
    assert Transfer.objects.get(matter__number=number).number == "X-8"
    do(town, number, "reopen")
    assert town.matter(number).state == "reported"


@pytest.mark.parametrize("outcome", ["goes_on", "not_theirs"])
def test_what_is_left_is_taken_on_here_within_its_own_time(town, outcome):
    number = transferred(town)
    do(town, number, "end_transfer", outcome=outcome)
    assert town.matter(number).state == "reported"
    assert [clock.code for clock in running(town, number)] == ["acceptance"]
    assert not Diversion.objects.filter(ended_at__isnull=True).exists()
    town.road(number, until="closed")


def test_nobody_else_passes_it_on_and_it_is_not_done_twice(town):
    number = town.open().number
    for who, refusal in (("reporter", NotAllowed), ("west_dispatcher", NotFound), ("quality", NotAllowed)):
        with pytest.raises(refusal):
            town.do(number, "transfer", who, service="119")
    do(town, number, "transfer")
    with pytest.raises(Conflict):
        do(town, number, "transfer")
    with pytest.raises(Conflict):
        do(town, number, "accept")


def test_what_110_hands_over_comes_in_once_with_its_number(town):
    given = {"channel": "police_110", "origin": "police_110", "external_id": "J4301-20260302-0815"}
    first, again = town.open(**given), town.open(**given)
    assert (first.new, again.new, again.number) == (True, False, first.number)
    view = queries.case(visible_to=town["dispatcher"], number=first.number, at=town.clock)
    assert (view.header.channel, view.external_id) == ("police_110", "J4301-20260302-0815")
    assert queries.case(visible_to=town["reporter"], number=first.number, at=town.clock).external_id == ""
