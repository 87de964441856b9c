"""The machine finds gaps, overlaps and expired bases, and says each once, as high as it is true."""

from gongzhi.mandates.checking import Gap, check
from gongzhi.mandates.tests.conftest import C, D, S

OTHER = "510000/002/001/"


def test_a_gap_everywhere_is_said_once_for_the_whole_tree_of_areas_and_categories(table, entry, at):
    found = check(table(entry("bureau", "02")), areas=[C, OTHER], at=at)
    assert found.gaps == (Gap("01", ""),)


def test_a_gap_in_one_street_is_said_for_that_street(table, entry, at):
    found = check(table(entry("bureau", "02"), entry("street", "01", S)), areas=[C, S + "002/", OTHER], at=at)
    assert found.gaps == (Gap("01", "510000/002/"),)


def test_a_gap_of_one_leaf_is_named_by_the_leaf(table, entry, at):
    found = check(table(entry("bureau", "02"), entry("bureau", "010101")), areas=[C, OTHER], at=at)
    assert found.gaps == (Gap("010102", ""),)


def test_two_leads_of_one_place_and_category_overlap_and_nested_ones_do_not(table, entry, at):
    found = check(
        table(entry("bureau", "01"), entry("other", "01"), entry("street", "01", S)), areas=[C], at=at
    )
    [overlap] = found.overlaps
    assert (overlap.category, overlap.area_path, overlap.organisations) == ("01", D, ("bureau", "other"))


def test_an_expired_basis_and_a_period_run_out_are_told_apart(table, entry, at):
    found = check(
        table(entry("bureau", "01", basis_until_on="2025-12-31"), entry("other", "02", until=at)),
        areas=[C],
        at=at,
    )
    assert [(row.kind, row.entry.organisation) for row in found.expired] == [
        ("basis", "bureau"),
        ("period", "other"),
    ]


def test_no_areas_at_all_still_checks_the_whole_installation(table, entry, at):
    assert check(table(entry("bureau", "01", "")), areas=[""], at=at).gaps == (Gap("02", ""),)
