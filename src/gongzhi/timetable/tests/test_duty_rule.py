"""Who is reached: the one wanted, a deputy, who is on duty, a head, the desk. No database."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.clock import SHANGHAI
from gongzhi.timetable.duty import Absence, Facts, Holding, Shift, Someone, Standby, on_duty, reach, stand_in

SATURDAY_NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=SHANGHAI)
UNIT, ABOVE = UUID(int=1), UUID(int=2)
HEAD, DEPUTY, HANDLER, NIGHT, DESK, BOSS = (UUID(int=number) for number in range(10, 16))
DAY = timedelta(days=1)


def someone(id_: UUID) -> Someone:
    return Someone(id_, UUID(int=id_.int + 1000))


def facts(**given):
    people = given.pop("people", (HEAD, DEPUTY, HANDLER, NIGHT, DESK, BOSS))
    holdings = (
        Holding(HEAD, "unit_head", organisation_id=UNIT),
        Holding(DEPUTY, "handler", organisation_id=UNIT),
        Holding(HANDLER, "handler", organisation_id=UNIT),
        Holding(NIGHT, "handler", organisation_id=UNIT),
        Holding(DESK, "dispatcher", "99/"),
        Holding(BOSS, "unit_head", organisation_id=ABOVE),
    )
    known = {id_: someone(id_) for id_ in people}
    return Facts(
        **{
            "people": known,
            "holdings": [held for held in holdings if held.account_id in known],
            "above": {UNIT: ABOVE, ABOVE: None},
            **given,
        }
    )


def away(account_id: UUID, deputy_id: UUID | None = None) -> Absence:
    return Absence(account_id, deputy_id, SATURDAY_NIGHT - DAY, SATURDAY_NIGHT + DAY)


def shift(account_id: UUID | None, begins: int, ends: int, **day) -> Shift:
    return Shift(
        organisation_id=UNIT, account_id=account_id, begins_minute=begins * 60, ends_minute=ends * 60, **day
    )


def reached(known: Facts, *wanted: UUID, at_work: bool = True):
    found = reach(
        known, wanted=wanted, organisation_id=UNIT, area_path="99/1/", now=SATURDAY_NIGHT, at_work=at_work
    )
    return [(one.who.account_id, one.reason) for one in found]


def test_who_is_there_is_told_themselves():
    assert reached(facts(), HEAD) == [(HEAD, "own")]


def test_away_the_deputy_takes_the_place_and_it_is_said_whose():
    known = facts(absences=[away(HEAD, DEPUTY)])
    found = stand_in(known, HEAD, SATURDAY_NIGHT)
    assert (found.who.account_id, found.reason, found.instead_of) == (DEPUTY, "deputy", HEAD)


def test_a_deputy_who_is_away_too_has_a_deputy():
    known = facts(absences=[away(HEAD, DEPUTY), away(DEPUTY, HANDLER)])
    assert reached(known, HEAD) == [(HANDLER, "deputy")]


def test_two_who_deputise_for_each_other_and_are_both_away_end_at_somebody_else():
    known = facts(absences=[away(HEAD, DEPUTY), away(DEPUTY, HEAD)])
    assert reached(known, HEAD) == [(BOSS, "unit_head")]


def test_a_standing_deputy_steps_in_for_a_disabled_account():
    known = facts(people=(DEPUTY, BOSS, DESK), standbys=[Standby(UNIT, HEAD, DEPUTY)])
    assert reached(known, HEAD) == [(DEPUTY, "deputy")]


def test_the_night_of_friday_runs_into_saturday():
    known = facts(shifts=[shift(NIGHT, 18, 24 + 8, weekday=4), shift(HANDLER, 8, 18, weekday=5)])
    assert [one.who.account_id for one in on_duty(known, UNIT, SATURDAY_NIGHT)] == [NIGHT]


def test_a_date_of_its_own_takes_the_place_of_the_weekly_pattern():
    friday = date(2026, 11, 20)
    known = facts(
        shifts=[shift(NIGHT, 18, 32, weekday=4), shift(DEPUTY, 18, 32, on_date=friday, from_on=friday)]
    )
    assert [one.who.account_id for one in on_duty(known, UNIT, SATURDAY_NIGHT)] == [DEPUTY]
    nobody = facts(shifts=[shift(NIGHT, 18, 32, weekday=4), shift(None, 0, 24, on_date=friday)])
    assert on_duty(nobody, UNIT, SATURDAY_NIGHT) == ()


def test_a_pattern_counts_from_its_first_day_until_before_its_last():
    week = shift(NIGHT, 18, 32, weekday=4, from_on=date(2026, 11, 13), until_on=date(2026, 11, 20))
    assert week.counts_on(date(2026, 11, 13))
    assert not week.counts_on(date(2026, 11, 20))


def test_outside_hours_who_is_on_duty_is_reached_before_the_one_who_sleeps():
    known = facts(shifts=[shift(NIGHT, 18, 32, weekday=4)])
    assert reached(known, HEAD, at_work=False) == [(NIGHT, "on_duty"), (HEAD, "own")]
    assert reached(known, HEAD) == [(HEAD, "own")]


def test_nobody_wanted_is_there_then_duty_then_head_then_the_one_above_then_the_desk():
    night = [shift(NIGHT, 18, 32, weekday=4)]
    assert reached(facts(shifts=night, absences=[away(HANDLER)]), HANDLER) == [(NIGHT, "on_duty")]
    assert reached(facts(absences=[away(HANDLER)]), HANDLER) == [(HEAD, "unit_head")]
    assert reached(facts(absences=[away(HANDLER), away(HEAD)]), HANDLER) == [(BOSS, "unit_head")]
    everybody = [away(id_) for id_ in (HANDLER, HEAD, BOSS)]
    assert reached(facts(absences=everybody), HANDLER) == [(DESK, "desk")]


def test_when_all_are_away_they_are_told_all_the_same():
    known = facts(people=(HANDLER,), absences=[away(HANDLER)])
    assert reached(known, HANDLER) == [(HANDLER, "last")]


_IDS = [UUID(int=number) for number in range(10, 18)]
_UNITS = [UUID(int=number) for number in range(1, 4)]
_accounts, _units = st.sampled_from(_IDS), st.sampled_from(_UNITS)
_worlds = st.builds(
    Facts,
    people=st.sets(_accounts).map(lambda ids: {id_: someone(id_) for id_ in ids}),
    holdings=st.lists(
        st.one_of(
            st.builds(Holding, _accounts, st.sampled_from(["handler", "unit_head"]), organisation_id=_units),
            st.builds(Holding, _accounts, st.just("dispatcher"), st.sampled_from(["", "99/", "99/2/"])),
        ),
        max_size=8,
    ),
    shifts=st.lists(
        st.builds(
            Shift,
            organisation_id=_units,
            account_id=st.none() | _accounts,
            begins_minute=st.integers(0, 1439),
            ends_minute=st.integers(1440, 2879),
            weekday=st.integers(0, 6),
        ),
        max_size=5,
    ),
    absences=st.lists(
        st.builds(
            Absence,
            _accounts,
            st.none() | _accounts,
            st.just(SATURDAY_NIGHT - DAY),
            st.sampled_from([SATURDAY_NIGHT - DAY / 2, SATURDAY_NIGHT + DAY]),
        ),
        max_size=8,
    ),
    standbys=st.lists(st.builds(Standby, _units, _accounts, _accounts), max_size=5),
    above=st.dictionaries(_units, st.none() | _units),
)


@given(_worlds, st.lists(_accounts, max_size=3), _units, st.booleans())
def test_no_route_ends_at_a_disabled_account_nor_at_nobody_while_the_unit_has_anyone(
    known, wanted, unit, at_work
):
    found = reach(
        known, wanted=wanted, organisation_id=unit, area_path="99/1/", now=SATURDAY_NIGHT, at_work=at_work
    )
    accounts = [one.who.account_id for one in found]
    assert set(accounts) <= set(known.people)
    assert len(accounts) == len(set(accounts))
    if set(known.members(unit)) & set(known.people):
        assert accounts


@given(_worlds, st.lists(_accounts, max_size=3), _units)
def test_nobody_on_leave_is_reached_while_anybody_of_the_unit_is_there(known, wanted, unit):
    found = reach(known, wanted=wanted, organisation_id=unit, area_path="99/1/", now=SATURDAY_NIGHT)
    away_now = {one.account_id for one in known.absences if one.ends_at > SATURDAY_NIGHT}
    if (set(known.members(unit)) & set(known.people)) - away_now:
        assert not {one.who.account_id for one in found} & away_now
