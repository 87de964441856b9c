"""Conditions of a whistle: one at a time, each unit's steps once, nobody answers over it, each side scores once."""

from collections.abc import Callable, Iterator

from gongzhi.kernel.refusals import Conflict, Invalid, Refusal
from gongzhi.matters.facts import Fact
from gongzhi.matters.guards.registry import Form, guard
from gongzhi.matters.situation import Situation


def last_whistle(situation: Situation) -> Fact | None:
    """Open or ended."""
    return situation.facts.last("whistle")


def calls_of(situation: Situation, whistle: Fact) -> list[Fact]:
    """Every unit it called, those whose call is over included."""
    return [
        call for call in situation.facts.all("whistle_call") if call.values["whistle_id"] == str(whistle.id)
    ]


def own_calls(situation: Situation) -> list[Fact]:
    """Of the open whistle, those that are the reader's and not over."""
    whistle = situation.facts.current("whistle")
    return [
        call
        for call in (calls_of(situation, whistle) if whistle else ())
        if call.ended_at is None and call.organisation_id in situation.organisations
    ]


def steps_of(situation: Situation, call: Fact) -> set[str]:
    steps = situation.facts.all("whistle_step")
    return {step.values["step"] for step in steps if step.values["call_id"] == str(call.id)}


def scorable(situation: Situation) -> Iterator[tuple[Fact, Fact]]:
    """Whistles that did their work, with the reader's call in them that has not scored yet."""
    for whistle in situation.facts.all("whistle"):
        if whistle.values["outcome"] == "done":
            for call in calls_of(situation, whistle):
                if call.ended_at is None and call.organisation_id in situation.organisations:
                    yield whistle, call


def _unscored_units(situation: Situation, whistle: Fact) -> set[object]:
    """Those that the street has not scored."""
    scores = situation.facts.all("whistle_score")
    done = {score.values["call_id"] for score in scores if score.organisation_id == whistle.organisation_id}
    return {call.organisation_id for call in calls_of(situation, whistle) if str(call.id) not in done}


@guard("no_whistle_open@1")
def no_whistle_open(situation: Situation, form: Form | None) -> Refusal | None:
    if situation.facts.current("whistle"):
        return Conflict("matters.whistle_open", "本件已经吹哨，收哨后才能再吹。")
    return None


@guard("not_confidential@1")
def not_confidential(situation: Situation, form: Form | None) -> Refusal | None:
    """Units called in would have to see it."""
    if situation.confidential:
        return Conflict("matters.confidential_no_whistle", "保密件只由派单中心和主办单位查看，不能吹哨。")
    return None


@guard("others_called@1")
def others_called(situation: Situation, form: Form | None) -> Refusal | None:
    """There is a street to whistle for, and it does not call itself."""
    street = situation.lookups.street()
    if street is None:
        return Conflict("matters.no_street", "还不知道这里归哪个街道，请先核定地点或派单。")
    given = (form or {}).get("organisations")
    if isinstance(given, list) and street in given:
        return Invalid("matters.calls_itself", "吹哨的街道不能召集自己。", field="organisations")
    return None


@guard("whistle_open@1")
def whistle_open(situation: Situation, form: Form | None) -> Refusal | None:
    if not situation.facts.current("whistle"):
        return Conflict("matters.no_whistle", "本件没有正在进行的吹哨，可能已有人收哨。")
    return None


@guard("whistle_over@1")
def whistle_over(situation: Situation, form: Form | None) -> Refusal | None:
    """Nobody answers, diverts or merges while units are called together; the refusal names those still at it."""
    whistle = situation.facts.current("whistle")
    if whistle is None:
        return None
    busy = [call.organisation_id for call in calls_of(situation, whistle) if call.ended_at is None]
    return Conflict(
        "matters.whistle_not_over",
        "吹哨还没有收哨（已召集：%(units)s），请先收哨。",
        units=situation.lookups.names_of([id_ for id_ in busy if id_]) or "—",
    )


@guard("all_reported@1")
def all_reported(situation: Situation, form: Form | None) -> Refusal | None:
    """事不完人不撤: a whistle whose work is done has heard the result of every unit that came. Calling off needs none."""
    whistle = situation.facts.current("whistle")
    if whistle is None or form is None or form.get("outcome") != "done":
        return None
    silent = [
        call.organisation_id
        for call in calls_of(situation, whistle)
        if call.ended_at is None and "finished" not in steps_of(situation, call) and call.organisation_id
    ]
    if not silent:
        return None
    return Conflict(
        "matters.units_not_finished",
        "还没有反馈结果的单位：%(units)s。等其反馈后收哨，或选择撤哨。",
        units=situation.lookups.names_of(silent),
    )


def _once(name: str, step: str, already: Callable[[], Refusal]) -> None:
    """The reader's own unit still has this step to go."""

    @guard(name)
    def check(situation: Situation, form: Form | None) -> Refusal | None:
        open_ones = own_calls(situation)
        return None if any(step not in steps_of(situation, call) for call in open_ones) else already()


_once(
    "call_not_signed@1",
    "signed",
    lambda: Conflict("matters.call_signed", "您单位已签收这次吹哨，或吹哨已经结束。"),
)
_once(
    "call_not_contacted@1",
    "contacted",
    lambda: Conflict("matters.call_contacted", "您单位已联系街道，或吹哨已经结束。"),
)
_once(
    "call_not_arrived@1",
    "arrived",
    lambda: Conflict("matters.call_arrived", "您单位已到场签到，或吹哨已经结束。"),
)
_once(
    "call_not_finished@1",
    "finished",
    lambda: Conflict("matters.call_finished", "您单位已反馈结果，或吹哨已经结束。"),
)


@guard("place_or_photo@1")
def place_or_photo(situation: Situation, form: Form | None) -> Refusal | None:
    """Who checks in shows that they are there."""
    if form is None or form.get("place") or form.get("evidence"):
        return None
    return Invalid("matters.no_place_no_photo", "请填写所在位置，或上传现场照片。", field="place")


@guard("unit_to_score@1")
def unit_to_score(situation: Situation, form: Form | None) -> Refusal | None:
    """The last whistle did its work; with the form: the unit was called and is not scored yet."""
    whistle = last_whistle(situation)
    if whistle is None or whistle.values["outcome"] != "done":
        return Conflict("matters.whistle_unfinished", "收哨以后才能互评。")
    open_ones = _unscored_units(situation, whistle)
    if not open_ones:
        return Conflict("matters.all_scored", "召集的单位都已评分。")
    if form is not None and form.get("organisation") not in open_ones:
        return Invalid("matters.not_to_score", "这个单位没有被召集，或已经评过分。", field="organisation")
    return None


@guard("street_to_score@1")
def street_to_score(situation: Situation, form: Form | None) -> Refusal | None:
    if next(scorable(situation), None):
        return None
    return Conflict("matters.street_not_to_score", "收哨以后才能给街道评分，每个单位评一次。")
