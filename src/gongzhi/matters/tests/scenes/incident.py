"""What the platform itself does while an incident lasts."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {"gather": "system"}
STATES: dict[str, str] = {}
BEFORE: dict[str, tuple[str, ...]] = {}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {"gather": {"into": town.open().number, "reason": "麓谷大道爆管"}}
