"""Complaints about a unit or a worker."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {"name_accused": "dispatcher", "recuse": "dispatcher"}
STATES = {"recuse": "handling"}
BEFORE: dict[str, tuple[str, ...]] = {}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    named = {"unit": str(town.organisations["other"].id), "reason": "诉求人所述与考勤记录一致"}
    return {"name_accused": named, "recuse": named}
