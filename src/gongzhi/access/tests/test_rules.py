from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.access import policy
from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.access.branches import Branch, branches_of, pruned, successor
from gongzhi.access.decisions import may_do, require_to
from gongzhi.access.policy import Rule, Undeclared
from gongzhi.kernel.refusals import NotAllowed, NotSignedIn

ORG, OTHER = uuid4(), uuid4()
RULES = [
    Rule(roles={"handler"}, organisation=("lead_id", "assist_id")),
    Rule(roles={"dispatcher"}, area="area_path"),
    Rule(party="reporter_id"),
    Rule(everyone=True, where={"public": True}),
]


def holding(*held: Held) -> Actor:
    return Actor(kind="account", id=uuid4(), held=held)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_policies", {})
    monkeypatch.setattr(policy, "_permissions", {})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"everyone": True, "party": "x"},
        {"area": "path"},
        {"organisation": "lead_id"},
        {"everyone": True, "where": {"a__b": 1}},
        {"everyone": True, "where": {"a__gt": 1}},
        {"party": "x", "through": "m.n"},
        {"everyone": True, "through": "m.n", "key": "k"},
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Rule(**wrong)  # type: ignore[arg-type]


def test_nothing_is_declared_twice_and_nothing_undeclared_is_answered(registry: None) -> None:
    policy.declare(resource="m.n", verb="view", rules=RULES)
    policy.declare_permission("m.export", roles={"auditor"})
    for again in (
        lambda: policy.declare(resource="m.n", verb="view", rules=[]),
        lambda: policy.declare(resource="M.N", verb="x", rules=[]),
        lambda: policy.declare_permission("m.export", roles={"auditor"}),
        lambda: policy.declare_permission("m.x", roles={"auditor"}, everyone=True),
    ):
        with pytest.raises(ValueError):
            again()
    with pytest.raises(Undeclared):
        policy.rules_for("m.n", "chang")
    with pytest.raises(Undeclared):
        may_do(SYSTEM, "m.exprot")


def test_each_rule_becomes_the_branches_of_what_the_actor_holds() -> None:
    party = uuid4()
    actor = Actor(
        kind="account", id=uuid4(), party_id=party, held=(Held("handler", "", ORG), Held("dispatcher", "43/"))
    )
    public = frozenset({("public", frozenset({True}))})
    assert set(branches_of(RULES, actor)) == {
        Branch("in", "lead_id", frozenset({ORG})),
        Branch("in", "assist_id", frozenset({ORG})),
        Branch("prefix", "area_path", frozenset({"43/"})),
        Branch("in", "reporter_id", frozenset({party})),
        Branch("all", where=public),
    }
    assert branches_of(RULES, ANONYMOUS) == [Branch("all", where=public)]
    assert branches_of(RULES[:3], ANONYMOUS) == []


def test_whoever_holds_everything_has_one_branch() -> None:
    for actor in (holding(Held("dispatcher"), Held("handler", "", ORG)), SYSTEM):
        assert branches_of(RULES, actor) == [Branch("all")]


def test_a_role_in_an_organisation_reaches_no_area() -> None:
    assert branches_of([RULES[1]], holding(Held("dispatcher", "", ORG))) == []


def test_nested_areas_and_several_organisations_collapse() -> None:
    actor = holding(Held("dispatcher", "43/"), Held("dispatcher", "43/01/"), Held("dispatcher", "44/"))
    assert {b.values for b in branches_of([RULES[1]], actor)} == {frozenset({"43/"}), frozenset({"44/"})}
    actor = holding(Held("handler", "", ORG), Held("handler", "", OTHER))
    assert [b.values for b in branches_of([Rule(roles={"handler"}, organisation="lead_id")], actor)] == [
        frozenset({ORG, OTHER})
    ]


def test_a_branch_with_conditions_never_swallows_one_without() -> None:
    narrow = Branch("all", where=frozenset({("public", frozenset({True}))}))
    wide = Branch("prefix", "area_path", frozenset({"43/"}))
    assert set(pruned([narrow, wide])) == {narrow, wide}
    both = Branch("prefix", "area_path", frozenset({"43/"}), narrow.where)
    assert set(pruned([both, narrow, wide])) == {narrow, wide}


@given(st.text(max_size=6), st.text(max_size=6))
def test_a_range_in_code_point_order_is_a_prefix(prefix: str, text: str) -> None:
    prefix += "/"
    for candidate in (text, prefix + text):
        assert (prefix <= candidate < successor(prefix)) == candidate.startswith(prefix)


def test_a_permission_may_be_asked_within_a_scope(registry: None) -> None:
    policy.declare_permission("m.export", roles={"auditor", "handler"})
    policy.declare_permission("m.read", everyone=True)
    here, everywhere, unit = (
        holding(Held("auditor", "43/01/")),
        holding(Held("auditor")),
        holding(Held("handler", "", ORG)),
    )
    assert may_do(here, "m.export")
    assert may_do(here, "m.export", area_path="43/01/02/")
    assert not may_do(here, "m.export", area_path="43/02/")
    assert not may_do(here, "m.export", organisation_id=ORG)
    assert may_do(everywhere, "m.export", area_path="43/02/")
    assert may_do(unit, "m.export", organisation_id=ORG)
    assert not may_do(unit, "m.export", organisation_id=OTHER)
    assert may_do(ANONYMOUS, "m.read")
    with pytest.raises(NotSignedIn):
        require_to(ANONYMOUS, "m.export")
    with pytest.raises(NotAllowed):
        require_to(holding(Held("window")), "m.export")
