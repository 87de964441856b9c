"""Who leads: the most specific area, there the most special category; ties and gaps say so."""

import random
import time
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.mandates.rules import route
from gongzhi.mandates.table import Limit, area_chain
from gongzhi.mandates.tests.conftest import CATEGORIES, OLD, C, D, S


def test_the_one_lead_is_found_with_its_reason_in_both_languages(table, entry, organisation_ids, at):
    found = route(table(entry("bureau", "01")), "010101", C, at)
    assert found.state == "led"
    assert found.organisation_id == organisation_ids["bureau"]
    assert "青禾区" in found.reason.in_language("zh-hans")
    assert "某条例第三条" in found.reason.in_language("zh-hans")
    assert "leads" in found.reason.in_language("en")
    assert found.table_version == 7


def test_the_most_specific_area_comes_before_the_more_special_category(table, entry, organisation_ids, at):
    both = table(entry("bureau", "010101", D), entry("street", "01", S))
    assert route(both, "010101", C, at).organisation_id == organisation_ids["street"]


def test_in_one_area_special_comes_before_general(table, entry, organisation_ids, at):
    both = table(entry("bureau", "01"), entry("other", "010101"))
    assert route(both, "010101", C, at).organisation_id == organisation_ids["other"]
    assert route(both, "010102", C, at).organisation_id == organisation_ids["bureau"]


def test_two_leads_at_one_place_need_a_joint_consultation(table, entry, organisation_ids, at):
    found = route(table(entry("bureau", "0101"), entry("other", "0101")), "010101", C, at)
    assert found.state == "consultation"
    assert found.organisation_id is None
    assert {candidate.organisation for candidate in found.candidates} == {"bureau", "other"}


def test_two_items_of_one_organisation_are_no_tie(table, entry, at):
    assert (
        route(table(entry("bureau", "0101"), entry("bureau", "0101", item="x")), "010101", C, at).state
        == "led"
    )


def test_nobody_is_a_gap_and_keeps_the_limits_of_the_category(table, entry, at):
    found = route(table(entry("bureau", "02")), "010101", C, at)
    assert found.state == "gap"
    assert (found.response, found.handling) == (Limit(24, "hour"), Limit(3, "work_day"))


def test_the_mandates_limit_comes_before_the_categorys(table, entry, at):
    found = route(table(entry("bureau", "0101", handling=Limit(1, "work_day"))), "010101", C, at)
    assert (found.response, found.handling) == (Limit(24, "hour"), Limit(1, "work_day"))


def test_a_mandate_counts_until_its_period_ends_and_not_at_that_instant(table, entry, at):
    ended = table(entry("bureau", "0101", until=at))
    assert route(ended, "010101", C, at - timedelta(seconds=1)).state == "led"
    assert route(ended, "010101", C, at).state == "gap"


def test_a_mandate_run_out_uncovers_the_more_general_one(table, entry, organisation_ids, at):
    both = table(entry("other", "010101", S, until=at), entry("bureau", "01"))
    assert route(both, "010101", C, at).organisation_id == organisation_ids["bureau"]


def test_an_unknown_place_is_routed_by_mandates_over_everything_only(table, entry, organisation_ids, at):
    assert route(table(entry("bureau", "01", D)), "010101", "", at).state == "gap"
    everywhere = table(entry("bureau", "01", ""))
    assert route(everywhere, "010101", "", at).organisation_id == organisation_ids["bureau"]
    assert "全域" in route(everywhere, "010101", C, at).reason.in_language("zh-hans")


def test_an_unknown_category_is_a_gap_not_an_error(table, entry, at):
    assert route(table(entry("bureau", "01")), "nonsense", C, at).state == "gap"


def test_assistants_and_supervisors_are_named_beside_the_lead(table, entry, organisation_ids, at):
    found = route(
        table(
            entry("bureau", "0101"),
            entry("street", "0101", S, role="assist", part="assisting"),
            entry("power", "01", D, role="supervise"),
        ),
        "010101",
        C,
        at,
    )
    assert found.assistants == (organisation_ids["street"],)
    assert found.supervisors == (organisation_ids["power"],)


def test_the_chain_of_an_area_ends_with_the_whole_installation():
    assert area_chain(C) == [C, S, D, ""]
    assert area_chain("") == [""]


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_decides(shuffler):
    import uuid

    from gongzhi.mandates.table import Entry, build

    rows = [
        Entry(
            uuid.UUID(int=n + 1), f"i{n}", "", uuid.UUID(int=n % 4 + 100), f"o{n % 4}", "bureau", area, category,
            "lead", "basic", "b", "", OLD, None, None, None,
        )
        for n, (area, category) in enumerate(
            shuffler.choices([(a, c) for a in ("", D, S, C) for c in ("01", "0101", "010101")], k=6)
        )
    ]  # fmt: skip
    first = route(build(version=1, entries=rows, categories=CATEGORIES), "010101", C, OLD)
    shuffler.shuffle(rows)
    assert route(build(version=1, entries=rows, categories=CATEGORIES), "010101", C, OLD) == first


def test_a_hundred_thousand_routes_take_about_a_second(table, entry, at):
    full = table(*(entry("bureau", category, area) for category in ("01", "02") for area in (D, "")))
    chooser = random.Random(1)
    asked = [(chooser.choice(["010101", "010102", "020101"]), f"{S}{n % 500:03}/01/") for n in range(20_000)]
    began = time.perf_counter()
    for category, area in asked:
        route(full, category, area, at)
    assert (
        time.perf_counter() - began < 2
    )  # 5x slack for a busy machine; the benchmark prints the real number
