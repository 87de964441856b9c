"""Where a matter goes beside the road: elsewhere, or together with another."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {
    "divert": "dispatcher", "merge": "dispatcher", "withdraw": "reporter", "recall_dispatch": "dispatcher",
    "unmerge": "dispatcher", "reassign": "dispatcher"}  # fmt: skip
STATES = {"withdraw": "handling", "recall_dispatch": "assigned", "reassign": "handling"}
BEFORE: dict[str, tuple[str, ...]] = {"unmerge": ("merge",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {
        "divert": {"reason": "outside_duty", "reply": "请联系物业。"},
        "merge": {"into": town.open().number, "reason": "同一盏灯"},
        "withdraw": {"reason": "物业已经修好"},
        "unmerge": {"reason": "不是同一盏灯"},
        "recall_dispatch": {"reason": "派错了单位"},
        "reassign": {"ground": "dissolved", "reason": "机构改革，单位已撤销"},
    }
