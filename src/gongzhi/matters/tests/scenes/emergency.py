"""Passed to an emergency service, followed, and its outcome."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {"transfer": "dispatcher", "follow_transfer": "dispatcher", "end_transfer": "dispatcher"}
STATES: dict[str, str] = {}
BEFORE = {"follow_transfer": ("transfer",), "end_transfer": ("transfer",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {
        "transfer": {"service": "119", "their_number": "X20260302-7", "taken_by": "7 号席"},
        "follow_transfer": {"text": "消防车已到场"},
        "end_transfer": {"outcome": "settled", "reply": "明火已扑灭，无人受伤。"},
    }
