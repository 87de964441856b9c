"""The judge: may this doer do this verb now, where does it lead, which verbs are there to offer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from gongzhi.catalogue.procedure import Outcome, SecondPerson, Verb
from gongzhi.kernel.refusals import Conflict, NotAllowed, Refusal
from gongzhi.matters.facts import KIND_OF_EFFECT
from gongzhi.matters.guards import GUARDS, Form
from gongzhi.matters.relations import Relation, is_among
from gongzhi.matters.situation import Situation


@dataclass(frozen=True, slots=True)
class Doer:
    """reference: as acts name it · organisations: every one the doer belongs to · relations: to this matter."""

    reference: str
    relations: frozenset[Relation]
    organisations: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """reason: why not; None when allowed."""

    reason: Refusal | None = None

    @property
    def allowed(self) -> bool:
        return self.reason is None


def judge(situation: Situation, doer: Doer, verb: Verb, form: Form | None = None) -> Verdict:
    """In this order, so that nobody learns more than they may: who, second person, state, guards.

    form None: whether to offer the verb; the cleaned form: whether to do it.
    """
    if not may_ever(doer, verb):
        return Verdict(
            NotAllowed(
                "matters.not_yours", "“%(verb)s”不由您办理，请联系承办单位或派单中心。", verb=verb.titles
            )
        )
    if situation.state not in verb.from_states:
        return Verdict(wrong_state(situation, verb))
    for second in verb.second_person:
        refusal = _not_the_same(situation, doer, second)
        if refusal:
            return Verdict(refusal)
    for name in verb.guards:
        refusal = GUARDS[name](situation, form)
        if refusal:
            return Verdict(refusal)
    return Verdict()


def may_ever(doer: Doer, verb: Verb) -> bool:
    """Whether the doer is one of those the verb is for, whatever the state."""
    return any(is_among(who.role, who.relation, doer.relations) for who in verb.who)


def wrong_state(situation: Situation, verb: Verb) -> Conflict:
    """Names the present state in words: the page has moved on, or another won."""
    state = situation.procedure.state(situation.state)
    return Conflict(
        "matters.wrong_state",
        "诉求现在是“%(state)s”，不能“%(verb)s”。请刷新后再看下一步。",
        state=state.titles,
        state_code=state.code,
        verb=verb.titles,
    )


def outcome(situation: Situation, verb: Verb, form: Mapping[str, object]) -> Outcome:
    """Where the verb leads with this form."""
    return situation.procedure.outcome(
        verb,
        from_state=situation.state,
        form=form,
        passes=lambda name: GUARDS[name](situation, form) is None,
    )


def offers(situation: Situation, doer: Doer) -> list[Verb]:
    """The verbs this doer may do now, in the order of the procedure."""
    return [
        verb
        for verb in situation.procedure.verbs_from(situation.state)
        if judge(situation, doer, verb).allowed
    ]


def _not_the_same(situation: Situation, doer: Doer, second: SecondPerson) -> Refusal | None:
    """Compared with who did the other verb last in this matter, in force or not."""
    other = situation.procedure.verb(second.verb)
    fact = situation.facts.last(KIND_OF_EFFECT.get(other.effect, "")) if other else None
    if fact is None:
        return None
    if fact.by == doer.reference:
        return NotAllowed(
            "matters.same_person",
            "“%(verb)s”由您本人办理，此步须换一人。",
            verb=other.titles if other else "",
        )
    if second.differs == "organisation" and fact.organisation_id in doer.organisations:
        return NotAllowed("matters.same_organisation", "不能审核本单位的申请，请由其他单位的人员审核。")
    return None
