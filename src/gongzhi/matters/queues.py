"""What waits for whom: each queue is a policy of its own, so an inbox costs what its rows cost and never shows more
than its reader may see. Adding one is a line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from gongzhi.access.actor import Actor
from gongzhi.access.policy import Rule, Unless, declare
from gongzhi.catalogue.procedure import Wording

KEPT = Unless(organisation="accused_unit_id", account="accused_account_id")
SOON = timedelta(hours=24)
_MEMBERS = frozenset(("handler", "unit_head", "community_worker", "grid_worker"))
_LEADERS = frozenset(("street_leader", "supervisor"))
_VERIFIERS = frozenset(("grid_worker", "community_worker"))
_OPEN = {"confidential": False}
_AT_THE_DESK = ("reported", "accepted", "return_asked", "transferred")
_AT_THE_LEAD = ("assigned", "handling")
_AT_CALL_BACK = ("verifying", "calling_back")


@dataclass(frozen=True, slots=True)
class Queue:
    """due: "" any · soon: within 24 hours · late: past. asks: only with an open request of that kind of fact.
    superior: only what a superior platform must decide or close."""

    code: str
    titles: Wording
    rules: tuple[Rule, ...]
    due: Literal["", "soon", "late"] = ""
    asks: str = ""
    superior: bool = False

    @property
    def verb(self) -> str:
        return f"queue:{self.code}"

    def is_for(self, actor: Actor) -> bool:
        """Whether one of the actor's roles works on it."""
        return any(actor.has_role(*rule.roles) for rule in self.rules)


def _desk(*states: str) -> Rule:
    return Rule(roles={"dispatcher"}, area="area_path", where={"state__in": states})


def _over(roles: frozenset[str], *states: str) -> Rule:
    return Rule(roles=roles, area="area_path", where={**_OPEN, "state__in": states})


def _lead(*states: str) -> Rule:
    return Rule(roles=_MEMBERS, organisation="lead_id", where={"state__in": states})


def _heads(*states: str) -> Rule:
    return Rule(roles={"unit_head"}, organisation="lead_id", where={"state__in": states})


def _call_back(*states: str) -> Rule:
    return Rule(roles={"quality"}, area="area_path", where={"state__in": states})


_ASSISTING = Rule(
    roles=_MEMBERS,
    organisation="organisation_id",
    through="matters.assignment",
    key="matter_id",
    through_where={"role": "assist", "ended_at": None},
    where={**_OPEN, "closed_at": None},
)
_TASKED = Rule(
    roles=_MEMBERS,
    organisation="unit_id",
    through="matters.task",
    key="matter_id",
    through_where={"ended_at": None},
    where={**_OPEN, "closed_at": None},
)
_CALLED = Rule(
    roles=_MEMBERS,
    organisation="organisation_id",
    through="matters.whistlecall",
    key="matter_id",
    through_where={"ended_at": None},
    where={**_OPEN, "closed_at": None},
)
_SUPERVISED = Rule(
    roles=_MEMBERS,
    organisation="supervised_id",
    through="matters.supervision",
    key="matter_id",
    through_where={"ended_at": None, "replied_at": None},
    where={**_OPEN, "closed_at": None},
)
_OWN_MOVES = (
    _desk(*_AT_THE_DESK),
    _lead(*_AT_THE_LEAD),
    _heads("signing_off"),
    _over(_VERIFIERS, "verifying"),
    _call_back(*_AT_CALL_BACK),
    Rule(roles=_LEADERS, area="area_path", where={**_OPEN, "closed_at": None}),
)

_ROUND = frozenset(("grid_worker",))
_TODAY = (
    Rule(roles=_ROUND, organisation="lead_id", where={"state__in": _AT_THE_LEAD}),
    _over(_ROUND, "verifying"),
)
_AT_WINDOW = Rule(roles={"window"}, area="area_path", where={**_OPEN, "channel": "window", "closed_at": None})

QUEUES: Mapping[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue("today", Wording("今天要办", "Today"), _TODAY),
        Queue("at_window", Wording("窗口登记、未办结", "Registered at the window, open"), (_AT_WINDOW,)),
        Queue("late", Wording("已超期", "Overdue"), _OWN_MOVES, due="late"),
        Queue("due_soon", Wording("24 小时内到期", "Due within 24 hours"), _OWN_MOVES, due="soon"),
        Queue("to_accept", Wording("待受理", "To accept"), (_desk("reported"),)),
        Queue("transferred", Wording("紧急转接待跟进", "Emergencies to follow"), (_desk("transferred"),)),
        Queue("to_dispatch", Wording("待派单", "To dispatch"), (_desk("accepted"),)),
        Queue(
            "returns",
            Wording("退回待审", "Returns to decide"),
            (_desk("return_asked"), _over(_LEADERS, "return_asked")),
        ),
        Queue(
            "extensions",
            Wording("延期待审", "Extensions to decide"),
            (_desk("handling"), _over(frozenset(("supervisor",)), "handling")),
            asks="extension_request",
        ),
        Queue(
            "at_superior",
            Wording("等上级决定", "Waiting for the superior"),
            (
                Rule(roles={"dispatcher"}, area="area_path"),
                Rule(roles={"quality"}, area="area_path", where={"state": "calling_back"}),
            ),
            superior=True,
        ),
        Queue("to_sign", Wording("待签收", "To sign for"), (_lead("assigned"), _over(_LEADERS, "assigned"))),
        Queue(
            "in_handling", Wording("办理中", "In handling"), (_lead("handling"), _over(_LEADERS, "handling"))
        ),
        Queue(
            "to_sign_off",
            Wording("待签发", "To sign off"),
            (_heads("signing_off"), _over(_LEADERS, "signing_off")),
        ),
        Queue("tasks", Wording("内部交办给我们的", "Tasks handed to us"), (_TASKED,)),
        Queue("assisting", Wording("协办中", "Assisting"), (_ASSISTING,)),
        Queue("called", Wording("吹哨召集", "Whistled for"), (_CALLED,)),
        Queue("supervised", Wording("督办待反馈", "Supervised, report due"), (_SUPERVISED,)),
        Queue(
            "supervision_asked",
            Wording("督办请求待定", "Supervision to decide"),
            (Rule(roles={"supervisor"}, area="area_path", where={**_OPEN, "closed_at": None}),),
            asks="supervision_request",
        ),
        Queue(
            "to_verify",
            Wording("待核查", "To verify"),
            (_over(_VERIFIERS, "verifying"), _call_back("verifying")),
        ),
        Queue("to_call_back", Wording("待回访", "To call back"), (_call_back("calling_back"),)),
    )
}

for _queue in QUEUES.values():
    declare(resource="matters.matter", verb=_queue.verb, rules=_queue.rules, unless=KEPT)
