"""Random walks over the procedure: whatever people do, a matter stays whole."""

import random
from datetime import datetime

import pytest

from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters.models import Assignment, ClockRun, Closure, Signature
from gongzhi.matters.tests.scenes import WHO, form
from gongzhi.matters.tests.town import AT

STEPS = 25
BUSY = [verb for verb in WHO if verb not in ("note", "message")]


def assert_whole(town, number):
    matter = town.matter(number)
    state = town.procedure.state(matter.state)
    leads = Assignment.objects.filter(matter=matter, role="lead", ended_at__isnull=True)
    running = ClockRun.objects.filter(matter=matter, stopped_at__isnull=True)
    acts = Act.objects.filter(subject_id=str(matter.id), verb__startswith="matters.")
    assert acts.count() == matter.version
    assert matter.stage == state.stage
    assert list(leads.values_list("organisation_id", flat=True)) == (
        [matter.lead_id] if matter.lead_id else []
    )
    assert (matter.closed_at is not None) == state.final
    assert Closure.objects.filter(matter=matter, ended_at__isnull=True).exists() == state.final
    if state.final:
        assert not running.exists()
        assert matter.due_at is None
    else:
        dues = [run.due_at for run in running if run.due_at]
        assert matter.due_at == min(dues, default=None)
        assert running.exists()
    for run in running:
        resting = bool(run.pauses) and run.pauses[-1][1] is None
        assert resting or run.due_at is not None
        if resting and run.due_at is not None:  # used up before it came to rest
            assert run.due_at <= datetime.fromisoformat(run.pauses[-1][0])
    if matter.handler_id:
        assert matter.lead_id
        assert Signature.objects.filter(matter=matter, ended_at__isnull=True).count() == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_random_walk_keeps_a_matter_whole(town, seed):
    chance = random.Random(seed)
    number = town.open(category=chance.choice(["lamp", "rubbish"])).number
    done = 0
    for _ in range(STEPS * 6):
        verb = chance.choice(BUSY)
        filled = form(town, verb)
        if "decision" in filled:
            options = [choice.code for choice in town.procedure.verb(verb).form_field("decision").choices]
            filled["decision"] = chance.choice(options)
        if verb == "dispatch":
            filled["organisation"] = town.organisations[chance.choice(["bureau", "bureau", "third"])].code
        if verb in ("contact", "call_back"):
            filled["outcome"] = chance.choice(["reached", "no_answer"])
        try:
            town.do(number, verb, WHO[verb], **filled)
        except Refusal:
            pass
        else:
            done += 1
        if chance.random() < 0.1:
            town.later(hours=chance.randint(1, 40))
        assert_whole(town, number)
        if done >= STEPS:
            break
    assert town.matter(number).opened_at == AT
