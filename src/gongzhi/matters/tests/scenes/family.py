"""Where a matter goes beside the road: elsewhere, or together with another."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {"divert": "dispatcher", "merge": "dispatcher"}
STATES: dict[str, str] = {}
BEFORE: dict[str, tuple[str, ...]] = {}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {
        "divert": {"reason": "outside_duty", "reply": "请联系物业。"},
        "merge": {"into": town.open().number, "reason": "同一盏灯"},
    }
