"""What a unit asks and another decides."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {
    "ask_extension": "handler", "decide_extension": "dispatcher", "ask_return": "handler",
    "decide_return": "dispatcher", "ask_suspension": "handler", "decide_suspension": "dispatcher",
    "review_suspension": "dispatcher", "ask_exclusion": "handler", "decide_exclusion": "supervisor",
    "ask_appeal": "handler", "decide_appeal": "supervisor",
}  # fmt: skip
STATES = {
    "ask_extension": "handling", "decide_extension": "handling", "ask_return": "assigned",
    "decide_return": "assigned", "ask_suspension": "handling", "decide_suspension": "handling",
    "review_suspension": "handling", "ask_exclusion": "calling_back", "decide_exclusion": "calling_back",
    "ask_appeal": "closed", "decide_appeal": "closed",
}  # fmt: skip
BEFORE = {
    "decide_extension": ("ask_extension",),
    "decide_return": ("ask_return",),
    "ask_suspension": ("contact",),
    "decide_suspension": ("contact", "ask_suspension"),
    "review_suspension": ("contact", "ask_suspension", "decide_suspension"),
    "decide_exclusion": ("ask_exclusion",),
    "decide_appeal": ("ask_appeal",),
}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    granted = {"decision": "granted", "reason": "属实"}
    return {
        "ask_extension": {"value": 3, "reason": "等配件"},
        "decide_extension": granted,
        "ask_return": {"reason": "不属本单位职责"},
        "decide_return": granted,
        "ask_suspension": {
            "ground": "season",
            "review_on": "2026-04-01",
            "reason": "冬季不能种植，开春后补种",
        },
        "decide_suspension": granted,
        "review_suspension": {"decision": "resumed", "note": "已开春"},
        "ask_exclusion": {"ground": "unlawful", "reason": "要求给违法建筑通电"},
        "decide_exclusion": granted,
        "ask_appeal": {"about": "call_back", "reason": "回访记录与实际不符"},
        "decide_appeal": granted,
    }
