"""Whistles: blown by the street, answered by a fire brigade."""

from typing import Any

from gongzhi.matters.tests.town import Town

_BLOWS = ("whistle_enforcement", "whistle_stubborn", "whistle_emergency")
_STEPS = ("sign_call", "contact_street", "check_in", "finish_call", "refuse_call")
_FINISHED = ("whistle_enforcement", "finish_call", "end_whistle")
WHO = {
    **dict.fromkeys(_BLOWS, "street_leader"),
    **dict.fromkeys(_STEPS, "fireman"),
    "end_whistle": "street_leader",
    "score_unit": "street_leader",
    "score_street": "fireman",
}
STATES = dict.fromkeys(WHO, "handling")
BEFORE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_STEPS, ("whistle_enforcement",)),
    "end_whistle": ("whistle_enforcement", "finish_call"),
    "score_unit": _FINISHED,
    "score_street": _FINISHED,
}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    fire = str(town.organisations["fire"].id)
    score = {"level": "4", "comment": "到得快"}
    return {
        **{blow: {"organisations": [fire], "text": "消防通道被堵"} for blow in _BLOWS},
        "check_in": {"place": "112.9001,28.2001"},
        "finish_call": {"text": "已拖离车辆，划线"},
        "refuse_call": {"reason": "没有人手"},
        "end_whistle": {"outcome": "done", "note": "通道已通"},
        "score_unit": {"organisation": fire, **score},
        "score_street": score,
    }
