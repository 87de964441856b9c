"""Tables of the room: the matter, its words, its clocks, its facts, and what the map and the search read."""

from gongzhi.matters.models.clocks import ClockRun, Escalation
from gongzhi.matters.models.facts import FACTS, Fact
from gongzhi.matters.models.handling import (
    Answer,
    Contact,
    ExtensionRequest,
    Merge,
    Note,
    Verification,
)
from gongzhi.matters.models.map import CellChange, CellCount
from gongzhi.matters.models.matter import Matter, MatterText
from gongzhi.matters.models.review import Appraisal, CallBack, Closure, Reopening, Rework
from gongzhi.matters.models.road import (
    Acceptance,
    Assignment,
    Diversion,
    ReturnRequest,
    Routing,
    Signature,
)

__all__ = [
    "FACTS",
    "Acceptance",
    "Answer",
    "Appraisal",
    "Assignment",
    "CallBack",
    "CellChange",
    "CellCount",
    "ClockRun",
    "Closure",
    "Contact",
    "Diversion",
    "Escalation",
    "ExtensionRequest",
    "Fact",
    "Matter",
    "MatterText",
    "Merge",
    "Note",
    "Reopening",
    "ReturnRequest",
    "Rework",
    "Routing",
    "Signature",
    "Verification",
]
