"""Drafted by one, signed off by another."""

from typing import Any

from gongzhi.grants.models import Grant
from gongzhi.kernel import ids
from gongzhi.matters.tests.town import AT, Town

WHO = {"submit": "handler", "sign_off": "head", "take_back_draft": "handler"}
STATES = dict.fromkeys(WHO, "handling")
BEFORE = {
    "submit": ("contact",),
    "sign_off": ("contact", "submit"),
    "take_back_draft": ("contact", "submit"),
}


def appoint(town: Town, name: str) -> None:
    """Head of the bureau by a grant: the town's people otherwise hold their roles without one."""
    account, bureau = town[name].id, town.organisations["bureau"]
    if not Grant.objects.filter(account_id=account, role="unit_head", organisation=bureau).exists():
        Grant.objects.create(
            id=ids.uuid7(AT), account_id=account, role="unit_head", organisation=bureau, valid_from=AT
        )


def forms(town: Town) -> dict[str, dict[str, Any]]:
    return {
        "submit": {"result": "explained", "reply": "已向您说明申领条件。"},
        "sign_off": {"decision": "granted"},
        "take_back_draft": {"reason": "金额要再核对"},
    }
