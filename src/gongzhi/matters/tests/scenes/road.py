"""The main road."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {
    "accept": "dispatcher", "locate": "dispatcher", "answer_now": "dispatcher", "dispatch": "dispatcher", "sign": "handler",
    "contact": "handler", "answer": "handler", "verify": "grid_worker", "call_back": "quality",
    "appraise": "reporter", "close": "quality", "rework": "quality", "reopen": "reporter", "message": "reporter",
    "note": "dispatcher",
}  # fmt: skip
STATES = {
    "dispatch": "accepted", "sign": "assigned", "contact": "handling", "answer": "handling", "verify": "handling",
    "call_back": "calling_back", "appraise": "calling_back", "close": "calling_back", "rework": "calling_back",
    "reopen": "closed",
}  # fmt: skip
BEFORE = {"answer": ("contact",), "verify": ("contact", "answer"), "close": ("call_back",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {
        "locate": {"area": town.grid.code, "address": "麓谷大道 12 号东门"},
        "answer_now": {"reply": "当场答复。"},
        "dispatch": {"organisation": str(town.organisations["bureau"].id), "reason": "属地管理"},
        "contact": {"outcome": "reached"},
        "answer": {"result": "solved", "reply": "已更换灯具。"},
        "verify": {"decision": "passed", "note": "现场看过，灯亮了。"},
        "call_back": {"outcome": "reached", "solved": True, "contacted": True, "level": "5"},
        "appraise": {"level": "4", "contacted": True, "solved": True},
        "rework": {"reason": "仍不亮"},
        "reopen": {"reason": "又坏了"},
        "message": {"text": "请问进展？"},
        "note": {"text": "内部提示"},
    }
