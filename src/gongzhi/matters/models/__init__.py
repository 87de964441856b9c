"""Tables of the room: the matter, its words, its clocks, its facts, and what the map and the search read."""

from gongzhi.matters.models.clocks import ClockRun, Escalation
from gongzhi.matters.models.facts import FACTS, Fact
from gongzhi.matters.models.family import Link, Split, Transfer, Withdrawal
from gongzhi.matters.models.handling import (
    Answer,
    Contact,
    ExtensionRequest,
    Merge,
    Note,
    Verification,
)
from gongzhi.matters.models.helping import Draft, SignOff, StageReport, Task, TaskReport
from gongzhi.matters.models.map import CellChange, CellCount
from gongzhi.matters.models.matter import Matter, MatterText
from gongzhi.matters.models.quarrels import (
    AppealRequest,
    ExclusionRequest,
    SuspensionRequest,
    SuspensionReview,
)
from gongzhi.matters.models.review import Appraisal, CallBack, Closure, Reopening, Rework
from gongzhi.matters.models.road import (
    Acceptance,
    Assignment,
    Diversion,
    Placement,
    ReturnRequest,
    Routing,
    Signature,
)
from gongzhi.matters.models.superiors import SuperiorOrder, SuperiorRequest
from gongzhi.matters.models.supervision import (
    Complaint,
    Supervision,
    SupervisionReply,
    SupervisionRequest,
    Urge,
)
from gongzhi.matters.models.whistles import Whistle, WhistleCall, WhistleScore, WhistleStep

__all__ = [
    "FACTS",
    "Acceptance",
    "Answer",
    "AppealRequest",
    "Appraisal",
    "Assignment",
    "CallBack",
    "CellChange",
    "CellCount",
    "ClockRun",
    "Closure",
    "Complaint",
    "Contact",
    "Diversion",
    "Draft",
    "Escalation",
    "ExclusionRequest",
    "ExtensionRequest",
    "Fact",
    "Link",
    "Matter",
    "MatterText",
    "Merge",
    "Note",
    "Placement",
    "Reopening",
    "ReturnRequest",
    "Rework",
    "Routing",
    "SignOff",
    "Signature",
    "Split",
    "StageReport",
    "SuperiorOrder",
    "SuperiorRequest",
    "Supervision",
    "SupervisionReply",
    "SupervisionRequest",
    "SuspensionRequest",
    "SuspensionReview",
    "Task",
    "TaskReport",
    "Transfer",
    "Urge",
    "Verification",
    "Whistle",
    "WhistleCall",
    "WhistleScore",
    "WhistleStep",
    "Withdrawal",
]
