"""What a wrong file is told. Every mistake a town's administrator can make has its own words."""

import copy

import pytest

from gongzhi.catalogue import reading
from gongzhi.catalogue.problems import BadCatalogue


def verb(raw, code):
    return next(entry for entry in raw["verbs"] if entry["code"] == code)


def problems(raw, guards=frozenset()):
    with pytest.raises(BadCatalogue) as caught:
        reading.read_procedure(raw, source="town.yaml", guards=guards)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def test_the_shipped_procedure_is_whole(trial):
    assert {"reported", "closed", "diverted", "merged"} <= {state.code for state in trial.states}
    assert len(trial.digest) == 64


def test_the_digest_ignores_the_order_of_keys(raw, trial):
    turned = {key: raw[key] for key in reversed(raw)}
    assert reading.read_procedure(turned, source="x").digest == trial.digest


def test_another_number_is_another_digest(raw, trial):
    raw["numbers"]["reopen_period"]["value"] = 30
    assert reading.read_procedure(raw, source="x").digest != trial.digest


def test_a_stored_body_comes_back_equal(trial):
    assert reading.from_body(reading.body_of(trial), version=0, digest=trial.digest) == trial


def test_broken_yaml_is_told_with_line_and_column():
    with pytest.raises(BadCatalogue) as caught:
        reading.parse_yaml("code: case\n  states: [", source="town.yaml")
    [problem] = caught.value.problems
    assert problem.code == "catalogue.not_yaml"
    assert problem.params["line"] == 2


def test_a_list_instead_of_a_mapping_is_refused():
    with pytest.raises(BadCatalogue) as caught:
        reading.parse_yaml("- a\n- b", source="town.yaml")
    assert caught.value.problems[0].code == "catalogue.not_a_mapping"


def test_an_unknown_state_is_named_with_the_known_ones(raw):
    verb(raw, "sign")["to"] = "handeling"
    assert ("catalogue.unknown_name", "verbs[sign]") in problems(raw)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("sign", {"effect": "signing"}),
        ("sign", {"who": [{"role": "emperor", "relation": "lead"}]}),
        ("sign", {"who": [{"role": "handler", "relation": "friend"}]}),
        ("sign", {"guards": ["has_evidence"]}),
        ("verify", {"second_person": [{"verb": "nothing", "differs": "person"}]}),
        ("verify", {"branches": [{"field": "decision", "value": "perhaps", "to": "handling"}]}),
        ("verify", {"branches": [{"field": "nothing", "value": "x", "to": "handling"}]}),
        ("note", {"form": [{"code": "text", "kind": "poem", "titles": {"zh": "文", "en": "Text"}}]}),
    ],
)
def test_an_unknown_name_is_refused(raw, code, change):
    verb(raw, code).update(change)
    assert {
        ("catalogue.unknown_name", f"verbs[{code}]"),
        ("catalogue.unknown_name", f"verbs[{code}].form[text]"),
    } & set(problems(raw))


def test_a_guard_nobody_implements_is_refused_once_guards_are_known(raw):
    found = problems(raw, guards=frozenset({"has_evidence@1"}))
    assert ("catalogue.unknown_name", "verbs[dispatch]") in found


def test_two_verbs_of_one_code_are_refused(raw):
    raw["verbs"].append(copy.deepcopy(verb(raw, "sign")))
    assert ("catalogue.duplicate_code", "verbs") in problems(raw)


def test_a_misspelt_key_is_named(raw):
    verb(raw, "sign")["gaurds"] = []
    assert ("catalogue.unknown_key", "verbs[sign]") in problems(raw)


def test_a_number_as_text_is_refused_in_place(raw):
    raw["clocks"][0]["limit"] = {"from": "own", "value": "two", "unit": "hour"}
    assert ("catalogue.misshaped", "clocks[acceptance]") in problems(raw)


def test_every_problem_is_told_at_once(raw):
    verb(raw, "sign")["to"] = "nowhere"
    verb(raw, "accept")["effect"] = "nothing"
    raw["clocks"][0]["starts"] = ["sunrise"]
    assert len(problems(raw)) >= 3


def test_a_state_nobody_reaches_is_refused(raw):
    raw["states"].append({**raw["states"][1], "code": "limbo"})
    found = problems(raw)
    assert ("catalogue.unreachable_state", "states[limbo]") in found
    assert ("catalogue.no_way_out", "states[limbo]") in found


def test_a_state_without_a_way_to_the_end_is_refused(raw):
    for entry in raw["verbs"]:
        entry["from"] = [state for state in entry["from"] if state != "verifying"]
    assert ("catalogue.no_way_out", "states[verifying]") in problems(raw)


def test_a_clock_that_runs_past_the_end_is_refused_with_the_road(raw):
    clock = next(entry for entry in raw["clocks"] if entry["code"] == "handling")
    clock["stops"] = ["enter:closed"]
    with pytest.raises(BadCatalogue) as caught:
        reading.read_procedure(raw, source="town.yaml")
    [problem] = caught.value.problems
    assert problem.code == "catalogue.clock_never_stopped"
    assert "→" in problem.params["road"]


def test_a_clock_without_basis_is_refused(raw):
    raw["clocks"][0]["basis"] = {"kind": "law", "text": {"zh": "", "en": ""}}
    assert ("catalogue.no_basis", "clocks[acceptance]") in problems(raw)


def test_a_visible_change_nobody_is_told_of_is_a_defect(raw):
    verb(raw, "sign")["tells"] = {}
    assert ("catalogue.untold", "verbs[sign]") in problems(raw)


def test_a_visible_change_told_later_than_now_is_a_defect(raw):
    verb(raw, "sign")["notify"] = [{"to": "reporter", "delivery": "digest"}]
    assert ("catalogue.untold", "verbs[sign]") in problems(raw)


def test_a_ladder_on_an_unknown_clock_is_refused(raw):
    raw["escalation"].append({"clock": "patience", "at_percent": 50, "to": "handler"})
    assert ("catalogue.unknown_name", "escalation") in problems(raw)
