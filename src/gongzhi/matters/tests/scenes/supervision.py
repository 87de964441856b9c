"""Supervised by the district, and urged."""

from typing import Any

from gongzhi.matters.models import SupervisionRequest
from gongzhi.matters.tests.town import Town

WHO = {
    "ask_supervision": "street_leader", "decide_supervision": "supervisor", "supervise": "supervisor",
    "report_supervision": "handler", "lift_supervision": "supervisor", "urge": "reporter",
}  # fmt: skip
STATES = dict.fromkeys(WHO, "handling")
BEFORE = {
    "decide_supervision": ("ask_supervision",),
    "report_supervision": ("supervise",),
    "lift_supervision": ("supervise", "report_supervision"),
}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    ordered = {"kind": "listed", "demand": "三日内解决并报告"}
    asked = SupervisionRequest.objects.filter(decision="").order_by("-at", "-id").first()
    return {
        "ask_supervision": {"ground": "late", "reason": "已经超期两天"},
        "decide_supervision": {
            **({"request": str(asked.id)} if asked else {}),
            "decision": "granted",
            "reason": "属实",
            **ordered,
        },
        "supervise": {"ground": "late", **ordered},
        "report_supervision": {"text": "已增派人手"},
        "lift_supervision": {"reason": "已解决"},
    }
