"""The three rates: exact, dated, recomputable, silent where there is nothing to say."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.catalogue import shipped
from gongzhi.indicators import formulas, rates
from gongzhi.indicators.rates import Facts

ON = date(2026, 3, 2)
SATISFIED = formulas.in_force("satisfied", ON)
RESPONSE = formulas.in_force("response", ON)
SOLVED = formulas.in_force("solved", ON)

TWO_YEARS = """
- code: solved
  titles: {zh-hans: 解决率, en: Solved}
  versions:
    - &first
      version: 1
      valid_from: 2025-01-01
      fact: solved
      weights: {"yes": "1", "no": "0"}
      missing: out
      withdrawn: shown
      excludes: [repeated]
      percent_digits: 2
      ranked_from: 30
      basis: {kind: rule, zh-hans: x, en: x}
    - <<: *first
      version: 2
      valid_from: 2026-01-01
      weights: {"yes": "1", "no": "0.5"}
      missing: "0"
      withdrawn: "0"
      excludes: []
      percent_digits: 1
"""


def test_a_unit_without_a_denominator_has_no_rate():
    for facts in ([], [Facts(cases=5)], [Facts(solved="yes", exclusion="malicious", cases=9)]):
        rate = rates.compute(facts, SOLVED)
        assert (rate.denominator, rate.value, rate.low, rate.high) == (0, None, None, None)


def test_five_levels_become_a_satisfaction_rate():
    facts = [Facts(level=str(level), cases=n) for level, n in ((5, 10), (4, 20), (3, 5), (2, 3), (1, 2))]
    rate = rates.compute(facts, SATISFIED)
    assert (rate.numerator, rate.denominator, rate.value) == (35, 40, Decimal("87.50"))


def test_a_late_contact_is_no_response():
    facts = [Facts(response="in_time", cases=2), Facts(response="late"), Facts(response="none"), Facts()]
    assert rates.compute(facts, RESPONSE).value == Decimal("50.00")


def test_approved_exclusions_leave_the_denominator_and_are_counted():
    facts = [
        Facts(solved="no", exclusion="malicious", cases=3),
        Facts(solved="yes"),
        Facts(solved="no", exclusion="x"),
    ]
    rate = rates.compute(facts, SOLVED)
    assert (rate.value, rate.denominator, rate.excluded) == (Decimal("50.00"), 2, 3)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (1, 8, "12.50"), (1, 16, "6.25"), (1, 32, "3.13"), (3, 32, "9.38"), (1, 1, "100.00"), (0, 7, "0.00")],
)  # fmt: skip
def test_rounding_is_half_up_and_only_at_the_end(numerator, denominator, value):
    facts = [Facts(solved="yes", cases=numerator), Facts(solved="no", cases=denominator - numerator)]
    assert str(rates.compute(facts, SOLVED).value) == value


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_values_agree_with_decimal_arithmetic_and_lie_in_their_interval(yes, more):
    n = yes + more
    rate = rates.compute([Facts(solved="yes", cases=yes), Facts(solved="no", cases=more)], SOLVED)
    assert rate.value == (Decimal(yes) * 100 / Decimal(n)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert 0 <= rate.low <= rate.value <= rate.high <= 100


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_newcombe_1998(yes, n, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson)."""
    assert rates.wilson(yes / n, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_what_was_taken_back_after_dispatch_is_shown_or_weighed_as_the_formula_says():
    shown, weighed = formulas.read(TWO_YEARS)["solved"]
    facts = [Facts(solved="yes", cases=3), Facts(withdrawn=True, cases=2)]
    assert (rates.compute(facts, shown).denominator, rates.compute(facts, shown).withdrawn) == (3, 2)
    assert (rates.compute(facts, weighed).denominator, rates.compute(facts, weighed).withdrawn) == (5, 0)


def test_each_case_is_judged_by_the_version_of_its_own_day():
    versions = formulas.read(TWO_YEARS)["solved"]
    cut = formulas.segments(versions, date(2025, 12, 1), date(2026, 2, 1))
    assert [(s.since, s.until, s.formula.version) for s in cut] == [
        (date(2025, 12, 1), date(2026, 1, 1), 1),
        (date(2026, 1, 1), date(2026, 2, 1), 2),
    ]
    facts = [Facts(solved="no", cases=2), Facts(cases=2), Facts(solved="yes", exclusion="repeated")]
    old, new = (rates.compute(facts, s.formula) for s in cut)
    assert (old.value, old.denominator, new.value, new.denominator) == (
        Decimal("0.00"),
        2,
        Decimal("40.0"),
        5,
    )
    both = rates.total([(facts, s.formula) for s in cut])
    assert (both.numerator, both.denominator) == (Fraction(2), 7)


def test_a_past_period_is_recomputed_with_the_version_then_in_force(monkeypatch):
    monkeypatch.setattr(formulas, "published", lambda: formulas.read(TWO_YEARS))
    assert formulas.in_force("solved", date(2025, 12, 31)).version == 1
    assert formulas.in_force("solved", date(2026, 1, 1)).version == 2
    with pytest.raises(LookupError):
        formulas.in_force("solved", date(2024, 12, 31))


def test_ranks_are_hidden_below_thirty_and_ties_share_one():
    def of(yes, n):
        return rates.compute([Facts(solved="yes", cases=yes), Facts(solved="no", cases=n - yes)], SOLVED)

    units = {
        "a": of(30, 40),
        "b": of(60, 80),
        "c": of(29, 29),
        "d": of(20, 40),
        "e": of(0, 0),
        "f": of(30, 30),
    }
    assert rates.ranks(units, ranked_from=30) == {"a": 2, "b": 2, "c": None, "d": 4, "e": None, "f": 1}


def test_an_unknown_answer_is_an_error_not_a_zero():
    with pytest.raises(ValueError):
        rates.compute([Facts(level="6")], SATISFIED)


def test_the_published_formulas_are_valid_and_bilingual():
    assert set(formulas.published()) == {"response", "solved", "satisfied"}
    for versions in formulas.published().values():
        for formula in versions:
            assert set(formula.basis) == {"kind", "zh-hans", "en"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"yes": "1", "no": "0"}', '{"yes": "1"}'),
        ('{"yes": "1", "no": "0"}', '{"yes": "2", "no": "0"}'),
        ("fact: solved", "fact: anything"),
        ("version: 2", "version: 3"),
        ("valid_from: 2026-01-01", "valid_from: 2025-01-01"),
        ("ranked_from: 30\n", "\n"),
        ("en: Solved", "fr: Résolu"),
    ],
)
def test_a_wrong_formula_is_refused(old, new):
    with pytest.raises(ValueError):
        formulas.read(TWO_YEARS.replace(old, new))


def test_every_ground_a_unit_may_be_excluded_for_is_one_the_formulas_leave_out():
    """Else a granted exclusion would change nothing, and nobody would notice."""
    [procedure] = [found for found in shipped.read_procedures() if found.code == "case"]
    verb = procedure.verb("ask_exclusion")
    grounds = {choice.code for choice in verb.form_field("ground").choices}
    for versions in formulas.published().values():
        assert versions[-1].excludes >= grounds
