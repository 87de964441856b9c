"""The pure core, by hand and by machine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.calendar.holidays import Holidays, YearTable
from gongzhi.calendar.hours import OFFICE
from gongzhi.calendar.question import Pause
from gongzhi.lab.cases import Case, Rules, Run
from gongzhi.lab.replaying import replay
from gongzhi.mandates.table import CategoryFacts, Entry, Limit, build

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in China
URBAN, LIGHT, STREET = (UUID(int=n) for n in (1, 2, 3))
CATEGORIES = {
    "01": CategoryFacts(("01",), "市容", "Looks"),
    "02": CategoryFacts(("02",), "设施", "Works"),
    "0201": CategoryFacts(("0201", "02"), "路灯", "Lamps"),
}
YEAR = Holidays.of([YearTable(2026, frozenset(), frozenset())])


def mandate(item, unit, category, *, area="", role="lead", handling=None):
    return Entry(
        UUID(int=hash((item, unit.int, category, area)) & (2**120 - 1)), item, item, unit, f"unit{unit.int}", "station", area, category, role,
        "basic", "法", "", AT - timedelta(days=900), None, None, handling,
    )  # fmt: skip


def rules(*entries, holidays=YEAR):
    table = build(version=1, entries=entries, categories=CATEGORIES)
    return Rules(table, holidays, lambda unit: OFFICE, Limit(5, "work_day"))


def run(hours, *, pauses=(), stopped=True, days_ago=30, **given):
    began = AT - timedelta(days=days_ago)
    values = {"given": False, "due_at": None, "ceiling_at": None, "always": False, "borne": True, **given}
    return Run(
        began, began + timedelta(hours=hours) if stopped else None, pauses=pauses, extensions=(), **values
    )


def case(category="0201", area="1/2/", lead=LIGHT, returned=(), run=None):
    return Case(category, area, lead, frozenset(returned), run)


BEFORE = rules(mandate("a", URBAN, "01"), mandate("b", URBAN, "02"))
AFTER = rules(mandate("a", URBAN, "01"), mandate("c", LIGHT, "0201", handling=Limit(1, "hour")))


def test_a_lamp_that_was_returned_goes_to_whom_it_ended_with() -> None:
    past = [
        case(returned=[URBAN], run=run(2)),  # right now; one hour makes it late
        case("01", lead=URBAN, run=run(2)),
        case("02", lead=URBAN),  # nobody's, under the proposal
    ]
    found = replay(past, before=BEFORE, after=AFTER, at=AT)
    assert (found.cases, found.moved) == (3, 2)
    assert found.moves == {("0201", URBAN, LIGHT): 1, ("02", URBAN, None): 1}
    assert {unit: load.cases for unit, load in found.before.units.items()} == {URBAN: 3}
    assert {unit: load.cases for unit, load in found.after.units.items()} == {LIGHT: 1, URBAN: 1, None: 1}
    assert (found.before.again, found.before.right, found.after.again, found.after.right) == (1, 0, 0, 1)
    assert (found.before.units[URBAN].returns, found.after.units[LIGHT].returns) == (1, 0)
    assert found.after.gaps == {("02", "1/2/"): 1}
    assert (found.newly_late, found.no_longer_late) == (1, 0)
    assert (found.before.units[URBAN].judged, found.before.units[URBAN].late) == (2, 0)
    assert (found.after.units[LIGHT].judged, found.after.units[LIGHT].late) == (1, 1)


def test_two_that_would_lead_the_same_are_counted_as_a_consultation() -> None:
    both = rules(mandate("a", URBAN, "0201"), mandate("b", LIGHT, "0201"))
    found = replay([case()], before=BEFORE, after=both, at=AT)
    assert found.after.consultations == {("0201", "1/2/"): 1}
    assert found.after.units[None].cases == 1
    assert not found.after.gaps


def test_a_holiday_year_moves_deadlines_and_nothing_else() -> None:
    # Monday 9:00, five working days: due at the end of the next Monday; closed on Tuesday. One day off makes it in time.
    past = [case(run=run(8 * 24, days_ago=28))]
    off = Holidays.of([YearTable(2026, frozenset({(AT - timedelta(days=26)).date()}), frozenset())])
    assert replay(past, before=BEFORE, after=BEFORE, at=AT).before.units[URBAN].late == 1
    found = replay(past, before=BEFORE, after=replace(BEFORE, holidays=off), at=AT)
    assert (found.moved, found.newly_late, found.no_longer_late) == (0, 0, 1)


def test_what_runs_and_is_not_due_what_rests_and_what_was_given_are_as_they_were() -> None:
    resting = run(0, stopped=False, pauses=(Pause(AT - timedelta(days=29)),))
    past = [
        case(run=run(0, stopped=False, days_ago=1)),
        case(run=resting),
        case(run=run(5, given=True, due_at=AT - timedelta(days=30) + timedelta(hours=4))),
        case(run=run(30 * 24 - 1, ceiling_at=AT - timedelta(days=29))),
        case(run=run(0, stopped=False, days_ago=20)),
    ]
    found = replay(past, before=BEFORE, after=BEFORE, at=AT)
    assert (found.before.units[URBAN].judged, found.before.units[URBAN].late) == (3, 3)


ENTRIES = st.builds(
    mandate,
    st.sampled_from("abcd"),
    st.sampled_from([URBAN, LIGHT, STREET]),
    st.sampled_from(sorted(CATEGORIES)),
    area=st.sampled_from(["", "1/", "1/2/"]),
    handling=st.sampled_from([None, Limit(1, "hour"), Limit(2, "work_day"), Limit(1, "month")]),
)
PAST = st.builds(
    case,
    st.sampled_from([*CATEGORIES, "99"]),
    st.sampled_from(["", "1/", "1/2/", "1/2/3/", "9/"]),
    st.sampled_from([None, URBAN, LIGHT]),
    st.sets(st.sampled_from([URBAN, STREET])),
    st.none() | st.builds(run, st.integers(0, 700), stopped=st.booleans()),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ENTRIES, max_size=8), st.lists(PAST, max_size=12))
def test_the_list_in_force_replayed_changes_nothing(entries, past) -> None:
    found = replay(past, before=rules(*entries), after=rules(*entries), at=AT)
    assert found.before == found.after
    assert (found.moved, found.newly_late, found.no_longer_late) == (0, 0, 0)


@settings(max_examples=80, deadline=None)
@given(st.lists(ENTRIES, max_size=8), st.lists(ENTRIES, max_size=8), st.lists(PAST, max_size=12))
def test_no_case_is_lost_and_what_one_loses_another_gains(before, after, past) -> None:
    found = replay(past, before=rules(*before), after=rules(*after), at=AT)
    for side in (found.before, found.after):
        assert sum(load.cases for load in side.units.values()) == len(past) == found.cases
        assert all(0 <= load.late <= load.judged <= load.cases for load in side.units.values())
        assert side.right + side.again + side.elsewhere <= sum(bool(one.returned) for one in past)
    late = [sum(load.late for load in side.units.values()) for side in (found.before, found.after)]
    assert late[1] - late[0] == found.newly_late - found.no_longer_late
