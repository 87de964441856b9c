"""The written table of the shipped procedure: complete, and saying what the engine does."""

from gongzhi.catalogue import table


def test_every_verb_of_every_state_is_written_and_nothing_else(trial):
    written = {(line.state, line.verb) for line in table.lines(trial)}
    assert written == {
        (state.code, verb.code) for state in trial.states for verb in trial.verbs_from(state.code)
    }


def test_every_state_is_reached_and_every_other_than_a_final_one_is_left(trial):
    moves = {(line.state, line.to_state) for line in table.lines(trial) if line.to_state != line.state}
    reached = {trial.initial} | {end for _, end in moves}
    assert reached == {state.code for state in trial.states}
    assert {start for start, _ in moves} >= {state.code for state in trial.states if not state.final}


def test_whoever_decides_a_request_belongs_to_another_organisation(trial):
    decisions = [line for line in table.lines(trial) if line.verb.startswith("decide_")]
    assert decisions
    for line in decisions:
        asked = line.verb.replace("decide_", "ask_")
        assert (asked, "organisation") in {(second.verb, second.differs) for second in line.second_person}


def test_a_change_the_reporter_can_see_is_told(trial):
    for line in table.lines(trial):
        before, after = trial.state(line.state).public, trial.state(line.to_state).public
        assert before == after or line.tells


def test_no_clock_that_was_started_is_left_running_in_an_end(trial):
    final = {state.code for state in trial.states if state.final}
    for line in table.lines(trial):
        if line.to_state in final and line.state not in final:
            assert {move.clock for move in line.clocks if move.kind == "start"} == set()


def test_the_persons_clock_starts_once_and_only_rests_afterwards(trial):
    starts = {
        line.verb
        for line in table.lines(trial)
        for move in line.clocks
        if (move.clock, move.kind) == ("handling", "start")
    }
    assert starts == {"accept"}
    assert not trial.clock("handling").repeats


def test_clocks_that_cannot_run_in_a_state_are_not_named(trial):
    accept = next(line for line in table.lines(trial) if (line.state, line.verb) == ("reported", "divert"))
    assert "verification" not in {move.clock for move in accept.clocks}


def test_answers_of_a_form_that_lead_elsewhere_have_lines_of_their_own(trial):
    ruled = [line for line in table.lines(trial) if line.verb == "decide_return"]
    assert [(line.value, line.to_state) for line in ruled] == [
        ("granted", "accepted"),
        ("refused", "assigned"),
    ]
