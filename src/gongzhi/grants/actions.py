"""Giving and ending rights: one transaction, one act each; the database has the last word."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.grants import events
from gongzhi.grants.models import Grant
from gongzhi.grants.roles import ROLES
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from gongzhi.parties.models import Account, Organisation


@transaction.atomic
def give(
    *,
    account_id: UUID,
    role: str,
    by: Actor,
    at: datetime,
    area_path: str = "",
    organisation_id: UUID | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Grant:
    """A role from `valid_from` (default: at) until before `valid_until` (default: until ended).

    Area "" without organisation means the whole installation. Raises Invalid for a scope the role does not have,
    Conflict for a disabled account, a second administrator's role or the very same grant, NotFound, NotAllowed.
    """
    require_to(by, "grants.give")
    if by.id == account_id and by.kind == "account":
        raise NotAllowed("grants.own", "不能给自己授权，请由另一位安全管理员办理。")
    _judge(role, area_path, organisation_id)
    account = Account.objects.select_for_update(of=("self",)).filter(id=account_id).first()
    if account is None:
        raise NotFound("grants.account_unknown", "没有这个账号。")
    if account.disabled_at:
        raise Conflict("grants.account_disabled", "账号已停用，不能授权。")
    start = valid_from or at
    if valid_until is not None and valid_until <= start:
        raise Invalid("grants.period", "授权的截止时间应晚于开始时间。", field="valid_until")
    _refuse_twice(account_id, role, area_path, organisation_id, start, valid_until)
    grant = Grant(
        id=uuid7(at),
        account=account,
        role=role,
        area_path=area_path,
        organisation_id=organisation_id,
        valid_from=start,
        valid_until=valid_until,
    )
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        if "administrator" in str(error):
            raise Conflict(
                "grants.administrators_apart",
                "系统管理员、安全管理员、审计管理员不能由同一账号担任。",
                field="role",
            ) from error
        raise
    record(
        verb="grants.give",
        subject=Subject("parties.account", account_id),
        by=by,
        at=at,
        event=events.Given(grant.id, role, area_path, organisation_id, start, valid_until),
        area_path=area_path,
    )
    return grant


@transaction.atomic
def end(*, grant_id: UUID, reason: str, by: Actor, at: datetime) -> Grant:
    """It counts no more from `at` on. Raises Conflict when it had ended before, NotFound, NotAllowed."""
    require_to(by, "grants.give")
    grant = Grant.objects.select_for_update(of=("self",)).filter(id=grant_id).first()
    if grant is None:
        raise NotFound("grants.unknown", "没有这项授权。")
    if grant.valid_until is not None and grant.valid_until <= at:
        raise Conflict("grants.ended", "授权已经结束。")
    grant.valid_until = max(at, grant.valid_from)
    grant.save(update_fields=["valid_until"])
    record(
        verb="grants.end",
        subject=Subject("parties.account", grant.account_id),
        by=by,
        at=at,
        event=events.Ended(grant.id, grant.role, grant.valid_until, reason),
        area_path=grant.area_path,
    )
    return grant


def _judge(role: str, area_path: str, organisation_id: UUID | None) -> None:
    if role not in ROLES:
        raise Invalid("grants.role", "没有这种角色：%(role)s。", field="role", role=role[:24])
    scope = ROLES[role].scope
    if area_path and organisation_id:
        raise Invalid(
            "grants.one_scope", "一项授权只能限定区域或机构之一；两者都需要时请分别授权。", field="area_path"
        )
    if scope == "none" and (area_path or organisation_id):
        raise Invalid("grants.no_scope", "这一角色不限定区域或机构。", field="area_path")
    if organisation_id and scope == "area":
        raise Invalid("grants.area_only", "这一角色按区域授权。", field="organisation")
    if scope == "organisation" and not organisation_id:
        raise Invalid("grants.organisation_only", "这一角色按机构授权，请选择机构。", field="organisation")
    if area_path and not area_path.endswith("/"):
        raise Invalid("grants.area_path", "区域路径不正确。", field="area_path")
    at_work = Organisation.objects.filter(ended_at__isnull=True)
    if organisation_id and not at_work.filter(id=organisation_id).exists():
        raise NotFound("grants.organisation_unknown", "没有这个机构，或它已撤销。")


def _refuse_twice(
    account_id: UUID,
    role: str,
    area_path: str,
    organisation_id: UUID | None,
    start: datetime,
    until: datetime | None,
) -> None:
    same = Grant.objects.filter(account_id=account_id, role=role, area_path=area_path)
    same = same.filter(organisation_id=organisation_id) if organisation_id else same.filter(organisation=None)
    if until is not None:
        same = same.filter(valid_from__lt=until)
    if any(grant.valid_until is None or grant.valid_until > start for grant in same):
        raise Conflict("grants.twice", "该账号在这一时段已有同样的授权。")
