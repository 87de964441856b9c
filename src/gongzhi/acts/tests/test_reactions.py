"""Reactions: every act once per reaction, in order, past poison, at their own pace."""

import pytest
from django.db import IntegrityError

from gongzhi.acts import reacting
from gongzhi.acts.models import DeadLetter, ReactionCursor
from gongzhi.acts.reactions import each, reaction, registered
from gongzhi.acts.sequencer import sequence_all
from gongzhi.kernel import clock


def test_a_reaction_sees_its_verbs_once_and_in_order(db, recorded):
    seen, all_seen = [], []
    reaction("t.some", verbs=("acts_tests.close", "other."))(each(lambda act: seen.append(act.verb)))
    reaction("t.all")(each(lambda act: all_seen.append(act.position)))
    for verb in ("acts_tests.note", "acts_tests.close", "other.thing", "acts_tests.closed"):
        recorded(2, verb=verb)
    reacting.settle()
    reacting.settle()
    assert seen == ["acts_tests.close"] * 2 + ["other.thing"] * 2
    assert all_seen == list(range(8))


def test_an_act_arrives_typed(db, recorded, subject):
    seen = []
    reaction("t.typed")(each(seen.append))
    (id_,) = recorded()
    reacting.settle()
    (act,) = seen
    assert (act.id, act.subject.kind, act.subject.id) == (id_, subject.kind, str(subject.id))
    assert (act.event.text, act.type) == ("note 0", "acts_tests.noted")


def test_poison_becomes_a_dead_letter_and_blocks_nobody(db, recorded, subject):
    done = []

    @reaction("t.poison")
    @each
    def poison(act):
        ReactionCursor.objects.create(reaction=f"side effect {act.position}")
        if act.position == 2 and "cured" not in done:
            ReactionCursor.objects.create(reaction=f"side effect {act.position}")  # violates the primary key
        done.append(act.position)

    recorded(5)
    reacting.settle(strict=False)
    assert list(dict.fromkeys(done)) == [0, 1, 3, 4], "some twice: at least once is the promise"
    letter = DeadLetter.objects.get()
    assert (letter.reaction, letter.position, letter.attempts) == ("t.poison", 2, 1)
    assert "IntegrityError" in letter.error
    assert not ReactionCursor.objects.filter(reaction="side effect 2").exists(), "its rows were rolled back"
    assert not reacting.retry(letter, at=clock.now())
    letter.refresh_from_db()
    assert letter.attempts == 2
    done.append("cured")
    assert reacting.retry(letter, at=clock.now())
    assert not reacting.retry(letter, at=clock.now()), "settled once"
    assert done[-1] == 2
    assert reacting.retry_due(at=clock.now()) == 0


def test_a_reaction_that_fails_at_everything_says_so_once_and_not_for_every_act(db, recorded, caplog):
    @reaction("t.broken")
    @each
    def broken(act):
        raise LookupError("no such table")

    recorded(50)
    reacting.settle(strict=False)
    assert DeadLetter.objects.count() == 50
    assert [line.levelname for line in caplog.records if line.name == "gongzhi.acts"] == ["ERROR", "ERROR"]
    assert "50 dead letters among 50 acts" in caplog.text


def test_strict_lets_the_error_out_and_keeps_the_cursor(db, recorded):
    @reaction("t.strict")
    @each
    def fail(act):
        raise IntegrityError("no")

    recorded()
    with pytest.raises(IntegrityError):
        reacting.settle(strict=True)
    assert not DeadLetter.objects.exists()


def test_what_reactions_record_is_reacted_to_and_an_endless_answer_is_stopped(db, recorded):
    @reaction("t.echo", verbs=("acts_tests.note",))
    @each
    def echo(act):
        recorded(verb="acts_tests.echo")

    heard = []
    reaction("t.heard", verbs=("acts_tests.echo",))(each(lambda act: heard.append(act.position)))
    recorded(3)
    reacting.settle()
    assert len(heard) == 3
    reaction("t.endless")(each(lambda act: recorded(verb="acts_tests.other")))
    with pytest.raises(RuntimeError, match="keep recording"):
        reacting.settle()


def test_two_workers_never_run_one_reaction_at_once(elsewhere, recorded):
    seen = []
    reaction("t.busy")(each(lambda act: seen.append(act.position)))
    recorded(300)
    sequence_all()

    def work():
        while (
            reacting.react_once(registered()["t.busy"], limit=7)
            or ReactionCursor.objects.get().position < 299
        ):
            pass

    reacting.react_once(registered()["t.busy"], limit=1)
    for one in [elsewhere(work) for _ in range(3)]:
        one.result(60)
    assert seen == list(range(300))


def test_names_are_taken_once(db):
    reaction("t.name")(each(lambda act: None))
    with pytest.raises(ValueError, match="exists already"):
        reaction("t.name")(print)
