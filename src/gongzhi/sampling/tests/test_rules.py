"""Drawing and dealing: the same seed draws the same, every stratum is in it, nobody looks twice."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.sampling import rules
from gongzhi.sampling.rules import Found
from gongzhi.sampling.words import without_numbers

populations = st.dictionaries(
    st.uuids(), st.sampled_from(["a|1", "a|2", "b|1", "c|9"]), min_size=1, max_size=80
)


@given(populations, st.integers(1, 100), st.text(min_size=1, max_size=8))
def test_the_same_seed_draws_the_same_in_any_order_and_every_stratum_is_in_it(population, size, seed):
    drawn = rules.draw(population, seed=seed, size=size)
    shuffled = list(population.items())
    random.Random(1).shuffle(shuffled)
    assert rules.draw(dict(shuffled), seed=seed, size=size) == drawn
    assert rules.digest(shuffled) == rules.digest(population.items())
    strata = set(population.values())
    assert {population[case] for case in drawn} == strata
    assert len(drawn) == min(max(size, len(strata)), len(population))
    assert rules.draw(population, seed=seed, size=len(drawn)) == drawn


def test_the_draw_is_the_published_method():
    """Golden: SHA-256 of "SEED|CASE ID", smallest first."""
    cases = [UUID(int=n) for n in range(1, 6)]
    drawn = rules.draw(dict.fromkeys(cases, "a|1"), seed="2026", size=2)
    assert sorted(drawn, key=lambda case: drawn[case]) == [UUID(int=5), UUID(int=2)]
    assert rules.digest([(cases[0], "a|1")]) == (
        "cab292e2f3e62fe356f1b0b4ca3383ba2ce8f8a8ab64ca03d15b8a571d99d655"
    )


def test_the_rest_is_in_proportion():
    assert rules.allocate({"a": 80, "b": 15, "c": 5}, 20) == {"a": 16, "b": 3, "c": 1}
    assert rules.allocate({"a": 97, "b": 1, "c": 1, "d": 1}, 10) == {"a": 7, "b": 1, "c": 1, "d": 1}


@given(st.integers(1, 200))
def test_one_in_twenty_is_looked_at_twice(count):
    drawn = [UUID(int=n) for n in range(1, count + 1)]
    assert len(rules.doubled(drawn, seed="s")) == -(-count // 20)


def test_two_seats_are_two_people_and_whoever_had_a_hand_in_it_is_passed_over():
    case, other, people = UUID(int=1), UUID(int=2), [UUID(int=n) for n in (7, 8, 9)]
    dealt = rules.deal([case, other], {case}, people, {case: {people[0]}})
    assert dealt == [(case, 1, people[1]), (case, 2, people[2]), (other, 1, people[0])]
    assert rules.deal([case], {case}, people[:1], {}) == [(case, 1, people[0])]
    assert rules.deal([case], set(), people[:1], {case: people[:1]}) == []


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (Found(True, True, True, 4), False),
        (Found(True, True, True, 2), True),
        (Found(True, True, False, 5), True),
        (Found(True, False, True, 5), True),
        (Found(False), False),
    ],
)
def test_where_two_differ_the_third_decides(other, differs):
    one, third = Found(True, True, True, 5), Found(True, True, False, 1)
    assert rules.differ(one, other) is differs
    assert rules.decided({1: one, 2: other}, twice=True) == (None if differs else one)
    assert rules.decided({1: one, 2: other, 3: third}, twice=True) == (third if differs else one)
    assert rules.decided({1: one}, twice=True) is None
    assert rules.decided({1: one}, twice=False) == one
    assert rules.decided({1: Found(False), 2: one}, twice=True) == one


def test_numbers_written_into_the_words_are_masked():
    assert without_numbers("电话13800001234，身份证 430102199001011234，3 号楼 12 天") == (
        "电话****34，身份证 ****34，3 号楼 12 天"
    )
