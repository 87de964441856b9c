"""Public numbers catch slips of the tongue and tell nothing; ids never go backwards."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import ids, numbers

SECRET = bytes(range(32))
AT = datetime(2026, 11, 22, tzinfo=UTC)
sequences = st.integers(0, numbers.CAPACITY - 1)


@given(sequences)
def test_a_number_reads_back_however_it_is_typed(sequence):
    number = numbers.of_sequence(sequence, secret=SECRET)
    typed = " " + numbers.grouped(number).lower().replace("0", "o").replace("1", "l") + "\u3000"
    assert numbers.parse(typed) == number


@given(sequences, st.integers(0, 9), st.integers(1, 31))
def test_every_wrong_character_is_noticed(sequence, at, by):
    number = numbers.of_sequence(sequence, secret=SECRET)
    wrong = numbers.ALPHABET[(numbers.ALPHABET.index(number[at]) + by) % 32]
    with pytest.raises(ValueError, match="not a number"):
        numbers.parse(number[:at] + wrong + number[at + 1 :])


@given(sequences, st.integers(0, 9), st.integers(0, 9))
def test_every_swap_is_noticed(sequence, one, other):
    letters = list(numbers.of_sequence(sequence, secret=SECRET))
    if letters[one] == letters[other]:
        return
    letters[one], letters[other] = letters[other], letters[one]
    with pytest.raises(ValueError, match="not a number"):
        numbers.parse("".join(letters))


def test_a_sequence_never_collides_and_neighbours_look_unrelated():
    made = [numbers.of_sequence(n, secret=SECRET) for n in range(20_000)]
    assert len(set(made)) == len(made)
    same = [sum(a == b for a, b in zip(x, y, strict=True)) for x, y in pairwise(made)]
    assert sum(same) / len(same) < 0.5, "neighbours share characters only by chance (10/32)"
    assert numbers.of_sequence(5, secret=bytes(32)) != made[5]


def test_numbers_given_out_stay_the_same_for_ever():
    assert [numbers.of_sequence(n, secret=SECRET) for n in (0, 1, numbers.CAPACITY - 1)] == [
        "SD1B91H23F",
        "VP4SNE7HJ8",
        "EM8H2HA7KD",
    ]


@pytest.mark.parametrize("wrong", ["", "0", "U", "12345", "路灯", "0" * 10 + "U"])
def test_nonsense_is_no_number(wrong):
    with pytest.raises(ValueError, match="not a number"):
        numbers.parse(wrong)


def test_the_end_of_the_sequence_is_said():
    with pytest.raises(ValueError, match="used up"):
        numbers.of_sequence(numbers.CAPACITY, secret=SECRET)


def test_drawn_numbers_and_follow_codes_are_well_formed():
    assert numbers.parse(numbers.draw())
    assert len({numbers.follow_code() for _ in range(1000)}) == 1000


def test_a_series_ascends_within_one_millisecond_and_keeps_its_time():
    series = ids.Series()
    made = series.take(AT, 500) + series.take(AT, 3) + series.take(AT - timedelta(seconds=2), 3)
    assert made == sorted(set(made))
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in made)
    assert abs(ids.uuid7_time(made[-1]) - AT) < timedelta(milliseconds=2)


def test_a_clock_set_far_back_does_not_hold_the_series_in_the_future():
    series = ids.Series()
    series.take(AT + timedelta(days=30))
    assert ids.uuid7_time(series.take(AT)[0]) == AT


def test_a_series_shared_by_threads_gives_nothing_twice():
    from concurrent.futures import ThreadPoolExecutor

    series = ids.Series()
    with ThreadPoolExecutor(8) as pool:
        made = [one for batch in pool.map(lambda _: series.take(AT, 100), range(40)) for one in batch]
    assert len(set(made)) == 4_000
