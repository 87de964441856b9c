"""Every verb × every member of the cast, generated from the procedure: who it names may, nobody else."""

import pytest

from gongzhi.acts.models import Act
from gongzhi.catalogue import shipped
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, InvalidForm, NotAllowed, NotFound, PreconditionFailed
from gongzhi.matters import actions
from gongzhi.matters.models import Assignment, Supervision, Task, Whistle, WhistleCall
from gongzhi.matters.tests.scenes import BEFORE, WHO, form, ready_for
from gongzhi.matters.tests.town import AT, CAST, MEMBERS

[PROCEDURE] = shipped.read_procedures()
VERBS = [verb.code for verb in PROCEDURE.verbs if verb.from_states]
# Which relation each member of the cast has to a matter on the grid, led by the bureau, reported by the reporter.
STANDS = {
    **{name: {(CAST[name].role, r) for r in ("area", "desk", "supervisor")} for name in CAST},
    "supervisor": {("supervisor", r) for r in ("area", "supervisor", "district")},
    "handler": {("handler", "lead"), ("handler", "handler"), ("handler", "supervised")},
    "colleague": {("handler", "lead"), ("handler", "supervised")},
    "head": {("unit_head", "lead"), ("unit_head", "supervised")},
    "helper": {("handler", "assistant"), ("handler", "tasked")},
    "fireman": {("handler", "called")},
    "reporter": {("", "reporter")},
    "system": {("", "system")},
}
OUTSIDE = ("west_dispatcher", "integrator", "auditor", "stranger", "neighbour")
LED = {
    "assigned",
    "handling",
    "signing_off",
    "suspended",
    "return_asked",
    "verifying",
    "calling_back",
    "closed",
}


def outside(verb_code, who):
    """A helper, or who is whistled for, is so only where the scene calls them in."""
    before = BEFORE.get(verb_code, ())
    return (
        who in OUTSIDE
        or (who == "helper" and not {"call_assistants", "hand_on"} & set(before))
        or (who == "fireman" and "whistle_enforcement" not in before)
    )


def may(verb_code, who):
    verb = PROCEDURE.verb(verb_code)
    pairs = set() if outside(verb_code, who) else STANDS.get(who, set())
    named = {(one.role, one.relation) for one in verb.who}
    return bool(pairs & named)


def called(town, number):
    """As if a whistle had called the fire brigade."""
    row = {"matter": town.matter(number), "at": AT, "by": "system"}
    street = town.organisations["street"]
    whistle = Whistle.objects.create(id=ids.uuid7(AT), organisation=street, form="emergency", text="x", **row)
    fire = town.organisations["fire"]
    WhistleCall.objects.create(id=ids.uuid7(AT), organisation=fire, whistle=whistle, **row)


def supervised(town, number):
    row = {
        "matter": town.matter(number),
        "at": AT,
        "by": "system",
        "supervised": town.organisations["bureau"],
    }
    Supervision.objects.create(id=ids.uuid7(AT), form="daily", ground="late", demand="x", **row)


def test_the_cast_covers_every_verb():
    assert set(WHO) == set(VERBS)
    assert all(may(verb, who) for verb, who in WHO.items())


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_done_by_whom_it_names_and_refused_to_all_others(town, verb):
    number = ready_for(town, verb)
    filled = form(town, verb)
    state, acts = town.matter(number).state, Act.objects.count()
    for who in [*CAST, *MEMBERS, "reporter", "neighbour"]:
        if may(verb, who) and (state in LED or who not in MEMBERS):
            continue
        refusal = NotFound if outside(verb, who) or (who in MEMBERS and state not in LED) else NotAllowed
        with pytest.raises(refusal):
            actions.perform(number=number, verb=verb, form=filled, by=town[who], at=town.clock)
    assert (town.matter(number).state, Act.objects.count()) == (state, acts)

    done = town.do(number, verb, WHO[verb], **filled)
    assert done.from_state == state
    assert Act.objects.filter(id=done.act_id, verb=f"matters.{verb}").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_in_a_wrong_state_names_the_present_one(town, verb):
    if verb in ("note", "link", "unlink"):
        return  # possible in every state
    allowed = PROCEDURE.verb(verb).from_states
    wrong = next(
        state for state in ("closed", "calling_back", "handling", "assigned") if state not in allowed
    )
    number = town.open().number
    town.road(number, until=wrong)
    if WHO[verb] == "helper":
        third = town.organisations["third"]
        Assignment.objects.create(
            id=ids.uuid7(AT),
            matter=town.matter(number),
            at=AT,
            by="system",
            role="assist",
            organisation=third,
        )
        Task.objects.create(
            id=ids.uuid7(AT),
            matter=town.matter(number),
            at=AT,
            by="system",
            organisation=town.organisations["bureau"],
            unit=third,
            text="更换灯具",
        )
    if WHO[verb] == "fireman":
        called(town, number)
    if verb == "report_supervision":
        supervised(town, number)
    version = town.matter(number).version
    with pytest.raises(Conflict) as refused:
        town.do(number, verb, WHO[verb], **form(town, verb))
    assert PROCEDURE.state(wrong).titles.zh in str(refused.value)
    assert town.matter(number).version == version


@pytest.mark.parametrize("verb", [v for v in VERBS if PROCEDURE.verb(v).to_state])
def test_a_verb_that_moves_is_not_done_twice(town, verb):
    number = ready_for(town, verb)
    filled = form(town, verb)
    town.do(number, verb, WHO[verb], **filled)
    with pytest.raises(Conflict):
        town.do(number, verb, WHO[verb], **filled)


def test_an_unknown_number_and_an_unknown_verb_are_not_found(town):
    number = town.open().number
    for given, verb in (
        (number, "dance"),
        (number, "open"),
        ("0000000000", "accept"),
        ("<script>", "accept"),
    ):
        with pytest.raises(NotFound):
            town.do(given, verb, "dispatcher")


def test_an_old_version_is_refused_and_says_where_the_matter_is(town):
    number = town.open().number
    town.do(number, "accept", "dispatcher")
    with pytest.raises(PreconditionFailed) as refused:
        actions.perform(
            number=number, verb="note", form={"text": "x"}, by=town["dispatcher"], at=AT, version=1
        )
    assert "待派单" in str(refused.value)


def test_who_answered_does_not_verify_call_back_or_close(town):
    from dataclasses import replace

    from gongzhi.access.actor import Held
    from gongzhi.matters.tests.town import D

    number = ready_for(town, "close")
    both = replace(town["handler"], held=(*town["handler"].held, Held("quality", D)))
    town.actors["both"] = both
    for verb in ("call_back", "close", "rework"):
        with pytest.raises(NotAllowed) as refused:
            town.do(number, verb, "both", **form(town, verb))
        assert refused.value.code == "matters.same_person"


@pytest.mark.parametrize(
    ("verb", "bad", "field", "code"),
    [
        ("dispatch", {"reason": "x"}, "organisation", "form.required"),
        ("dispatch", {"organisation": "nobody", "reason": "x"}, "organisation", "form.no_organisation"),
        ("contact", {"outcome": "danced"}, "outcome", "form.not_a_choice"),
        ("ask_extension", {"value": 11, "reason": "x"}, "value", "form.out_of_range"),
        ("ask_extension", {"value": "三", "reason": "x"}, "value", "form.not_a_number"),
        ("note", {"text": "长" * 2001}, "text", "form.too_long"),
        ("note", {"text": "铃\x07"}, "text", "form.control_letters"),
        ("note", {"text": ["a"]}, "text", "form.wrong_kind"),
        ("note", {"text": "x", "lead_id": "evil"}, "lead_id", "matters.unknown_field"),
        ("accept", {"category": "nothing"}, "category", "form.no_category"),
        ("merge", {"into": "???", "reason": "x"}, "into", "form.no_number"),
        ("appraise", {"level": "6", "contacted": True, "solved": True}, "level", "form.not_a_choice"),
        ("appraise", {"level": "5", "contacted": "maybe", "solved": True}, "contacted", "form.wrong_kind"),
    ],
)
def test_a_wrong_form_names_each_wrong_field_and_changes_nothing(town, verb, bad, field, code):
    number = ready_for(town, verb)
    version = town.matter(number).version
    with pytest.raises(InvalidForm) as refused:
        town.do(number, verb, WHO[verb], **bad)
    assert refused.value.errors[field].code == code
    assert town.matter(number).version == version
