"""Whom a report complains of: looked up before anything is decided, because it decides who may know of it."""

from datetime import datetime
from uuid import UUID

from gongzhi.intake import judging
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import Invalid, InvalidForm
from gongzhi.matters.accused import accused
from gongzhi.matters.reports import Accused
from gongzhi.parties.models import Account, Organisation

WORDS_MAX = 300


def accused_of(raw: RawReport, *, at: datetime) -> Accused | None:
    """None for a report that complains of nobody; no statement then. Raises InvalidForm."""
    if not (raw.complains or raw.accused_unit or raw.accused_account or raw.accused_words):
        return None
    try:
        words = judging.words(raw.accused_words, field="accused_words", longest=WORDS_MAX)
        unit_id, account_id = _unit(raw.accused_unit), _account(raw.accused_account)
        if not (unit_id or account_id or words):
            raise Invalid(
                "intake.accused_missing",
                "请选择投诉的单位，或写明投诉的是谁，以便我们绕开被投诉的单位和人员。",
                field="accused_words",
            )
    except Invalid as refusal:
        raise InvalidForm({refusal.field or "accused_words": refusal}) from refusal
    return accused(unit_id=unit_id, account_id=account_id, words=words, at=at)


def _unit(given: object) -> UUID | None:
    code = judging.code(given, field="accused_unit")
    if not code:
        return None
    at_work = Organisation.objects.filter(ended_at__isnull=True)
    try:
        known = at_work.filter(id=UUID(code))
    except ValueError:
        known = at_work.filter(code=code)
    found = known.values_list("id", flat=True).first()
    if found is None:
        raise Invalid("intake.accused_unit_unknown", "没有这个单位，请从列表中选择。", field="accused_unit")
    return found


def _account(given: object) -> UUID | None:
    name = judging.words(given, field="accused_account", longest=150)
    if not name:
        return None
    try:
        known = Account.objects.filter(id=UUID(name))
    except ValueError:
        known = Account.objects.filter(username=name)
    found: UUID | None = known.values_list("id", flat=True).first()
    if found is None:
        raise Invalid(
            "intake.accused_account_unknown",
            "没有这个账号；不知道账号时请写明是谁。",
            field="accused_account",
        )
    return found
