"""Matters brought into every state of the procedure, and a good form for every verb."""

from typing import Any

from gongzhi.catalogue.models import Category
from gongzhi.matters.tests.town import Town

WHO = {
    "accept": "dispatcher", "answer_now": "dispatcher", "divert": "dispatcher", "merge": "dispatcher",
    "dispatch": "dispatcher", "sign": "handler", "contact": "handler", "ask_extension": "handler",
    "decide_extension": "dispatcher", "ask_return": "handler", "decide_return": "dispatcher",
    "answer": "handler", "verify": "grid_worker", "call_back": "quality", "appraise": "reporter",
    "close": "quality", "rework": "quality", "reopen": "reporter", "message": "reporter", "note": "dispatcher",
}  # fmt: skip


def form(town: Town, verb: str) -> dict[str, Any]:
    """A form that the verb takes."""
    forms: dict[str, dict[str, Any]] = {
        "answer_now": {"reply": "当场答复。"},
        "divert": {"reason": "outside_duty", "reply": "请联系物业。"},
        "dispatch": {"organisation": str(town.organisations["bureau"].id), "reason": "属地管理"},
        "contact": {"outcome": "reached"},
        "ask_extension": {"value": 3, "reason": "等配件"},
        "decide_extension": {"decision": "granted", "reason": "属实"},
        "ask_return": {"reason": "不属本单位职责"},
        "decide_return": {"decision": "granted", "reason": "属实"},
        "answer": {"result": "solved", "reply": "已更换灯具。"},
        "verify": {"decision": "passed", "note": "现场看过，灯亮了。"},
        "call_back": {"outcome": "reached", "solved": True, "contacted": True, "level": "5"},
        "appraise": {"level": "4", "contacted": True, "solved": True},
        "rework": {"reason": "仍不亮"},
        "reopen": {"reason": "又坏了"},
        "message": {"text": "请问进展？"},
        "note": {"text": "内部提示"},
    }
    if verb == "merge":
        return {"into": town.open().number, "reason": "同一盏灯"}
    return forms.get(verb, {})


def ready_for(town: Town, verb: str) -> str:
    """The number of a matter on which WHO[verb] may do `verb` now."""
    scenes = {
        "dispatch": "accepted", "sign": "assigned", "contact": "handling", "ask_extension": "handling",
        "decide_extension": "handling", "ask_return": "assigned", "decide_return": "assigned",
        "answer": "handling", "verify": "handling", "call_back": "calling_back", "appraise": "calling_back",
        "close": "calling_back", "rework": "calling_back", "reopen": "closed",
    }  # fmt: skip
    Category.objects.filter(code="lamp").update(verification_required=False)
    number = town.open(category="lamp").number
    state = scenes.get(verb)
    if state:
        town.road(number, until=state)
    if verb == "decide_extension":
        town.do(number, "ask_extension", "handler", **form(town, "ask_extension"))
    elif verb == "decide_return":
        town.do(number, "ask_return", "handler", **form(town, "ask_return"))
    elif verb == "answer":
        town.do(number, "contact", "handler", outcome="reached")
    elif verb == "close":
        town.do(number, "call_back", "quality", **form(town, "call_back"))
    elif verb == "verify":
        Category.objects.filter(code="lamp").update(verification_required=True)
        town.do(number, "contact", "handler", outcome="reached")
        town.do(number, "answer", "handler", **form(town, "answer"))
    return number
