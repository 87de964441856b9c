"""The table as the engine asks it."""

from gongzhi.catalogue import checking
from gongzhi.catalogue.procedure import ClockMove


def outcome(procedure, code, start, form=None, true=()):
    verb = procedure.verb(code)
    return procedure.outcome(verb, from_state=start, form=form or {}, passes=lambda guard: guard in true)


def test_an_answer_goes_to_verification_only_where_the_category_demands_it(trial):
    assert outcome(trial, "answer", "handling").to_state == "calling_back"
    demanded = outcome(trial, "answer", "handling", true={"verification_demanded@1"})
    assert demanded.to_state == "verifying"
    assert demanded.tells.zh != trial.verb("answer").tells.zh


def test_a_refused_extension_is_not_told_to_the_reporter(trial):
    granted = outcome(trial, "decide_extension", "handling", {"decision": "granted"})
    refused = outcome(trial, "decide_extension", "handling", {"decision": "refused"})
    assert granted.tells
    assert not refused.tells
    assert granted.to_state == refused.to_state == "handling"


def test_reopening_reaches_the_handler_where_there_was_one(trial):
    assert outcome(trial, "reopen", "closed", true={"has_lead@1"}).to_state == "handling"
    assert outcome(trial, "reopen", "closed").to_state == "reported"


def test_the_persons_clock_starts_at_acceptance_and_returns_do_not_touch_it(trial):
    accepted = trial.clock_moves("accept", from_state="reported", to_state="accepted")
    assert ClockMove("handling", "start") in accepted
    for verb, start, end in (
        ("ask_return", "handling", "return_asked"),
        ("decide_return", "return_asked", "accepted"),
        ("dispatch", "accepted", "assigned"),
    ):
        moves = trial.clock_moves(verb, from_state=start, to_state=end)
        assert not [move for move in moves if move.clock == "handling"]
    assert trial.clock("handling").repeats is False


def test_a_hollow_answer_only_pauses_the_persons_clock(trial):
    assert ClockMove("handling", "pause") in trial.clock_moves(
        "answer", from_state="handling", to_state="calling_back"
    )
    assert ClockMove("handling", "resume") in trial.clock_moves(
        "rework", from_state="calling_back", to_state="handling"
    )


def test_stops_come_before_starts(trial):
    kinds = [move.kind for move in trial.clock_moves("accept", from_state="reported", to_state="accepted")]
    assert kinds == sorted(kinds, key=("stop", "pause", "resume", "start").index)


def test_whoever_decides_is_not_of_the_applicants_organisation(trial):
    for verb, asked in (("decide_extension", "ask_extension"), ("decide_return", "ask_return")):
        [second] = trial.verb(verb).second_person
        assert (second.verb, second.differs) == (asked, "organisation")


def test_the_six_diversions_have_reply_texts_in_both_languages(trial):
    five = trial.verb("divert").form_field("reason").choices
    services = trial.verb("transfer").form_field("service").choices  # the sixth: an emergency
    assert len(five) == 5
    assert [choice.code for choice in services] == ["110", "119", "120", "122"]
    assert all(choice.reply.zh and choice.reply.en for choice in (*five, *services))


def test_every_number_is_dated_and_sourced(trial):
    rows = [*(clock.basis for clock in trial.clocks), *(number.basis for number in trial.numbers)]
    assert all(basis.since_on and basis.text.zh and basis.text.en for basis in rows)


def test_missing_guards_are_found_per_version(trial):
    assert checking.missing_guards([trial], frozenset(trial.guards)) == {}
    known = frozenset(trial.guards) - {"has_evidence@1"}
    assert checking.missing_guards([trial], known) == {"trial@0": ("has_evidence@1",)}


def test_every_way_of_the_table_ends_in_a_known_state(trial):
    states = {state.code for state in trial.states}
    assert {end for _, _, end in checking.transitions(trial)} <= states
