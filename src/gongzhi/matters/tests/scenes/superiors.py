"""An order of a superior platform: received, changed, asked about, decided, closed."""

from typing import Any

from gongzhi.matters.tests.town import Town

WHO = {
    "receive_order": "system", "amend_order": "system", "order_urged": "system",
    "order_cancelled": "system", "ask_superior_return": "dispatcher", "rule_superior_return": "system",
    "ask_superior_extension": "dispatcher", "rule_superior_extension": "system", "order_closed": "system",
    "order_sent_back": "system",
}  # fmt: skip
STATES: dict[str, str] = {}
_HANDLED = ("receive_order", "accept", "dispatch", "sign", "contact")
BEFORE = {
    "amend_order": ("receive_order",),
    "order_urged": ("receive_order",),
    "order_cancelled": ("receive_order",),
    "ask_superior_return": ("receive_order",),
    "rule_superior_return": ("receive_order", "ask_superior_return"),
    "ask_superior_extension": ("receive_order", "accept"),
    "rule_superior_extension": ("receive_order", "accept", "ask_superior_extension"),
    "order_closed": (*_HANDLED, "answer"),
    "order_sent_back": (*_HANDLED, "answer"),
}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    order = {
        "superior": "city_12345",
        "title_zh": "市 12345",
        "title_en": "City 12345",
        "order_number": "SZ20260302000017",
        "due_at": "2026-03-05T18:00:00+08:00",
        "closes": True,
    }
    return {
        "receive_order": order,
        "amend_order": {"due_at": "2026-03-04T18:00:00+08:00", "note": "市民再次来电"},
        "order_urged": {"note": "请尽快办理"},
        "order_cancelled": {"reason": "重复派单"},
        "ask_superior_return": {"reason": "不在本街道辖区"},
        "rule_superior_return": {"decision": "granted", "reason": "同意"},
        "ask_superior_extension": {"days": 3, "reason": "等待配件"},
        "rule_superior_extension": {"decision": "granted", "due_at": "2026-03-10T18:00:00+08:00"},
        "order_closed": {"note": "满意", "contacted": True, "solved": True, "level": "5"},
        "order_sent_back": {"reason": "未解决", "due_at": "2026-03-09T18:00:00+08:00"},
    }
