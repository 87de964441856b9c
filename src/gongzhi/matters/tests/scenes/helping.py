"""Lead and assisting units."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {"call_assistants": "handler", "report_stage": "helper", "release_assistant": "handler"}
STATES = {"call_assistants": "handling", "report_stage": "handling", "release_assistant": "handling"}
BEFORE = {"report_stage": ("call_assistants",), "release_assistant": ("call_assistants",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    third = str(town.organisations["third"].id)
    return {
        "call_assistants": {"organisations": [third], "work": "清运垃圾堆"},
        "report_stage": {"text": "已清运一半"},
        "release_assistant": {"organisation": third, "reason": "已由本单位清运"},
    }
