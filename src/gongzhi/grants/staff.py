"""Enrolling a whole staff list: people, posts, accounts and rights, set-based and idempotent.

This is the installer's door (system actor): in daily work the system administrator makes accounts and the security
administrator gives rights, each by their own action.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.grants import events
from gongzhi.grants.models import Grant
from gongzhi.grants.roles import ADMINISTRATORS, ROLES
from gongzhi.kernel.clock import in_china
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Invalid, NotAllowed
from gongzhi.parties import events as party_events
from gongzhi.parties.bulk import NewPerson, find_or_register_many
from gongzhi.parties.models import Account, Organisation, Post
from gongzhi.places import events as place_events
from gongzhi.places.models import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One duty of one person; several rows with one login name are several duties. area: code or path."""

    row: int
    name: str
    username: str
    phone: str = ""
    organisation: str = ""
    title: str = ""
    role: str = ""
    area: str = ""
    public: bool = False
    manages: bool = False


@dataclass(slots=True)
class Enrolled:
    """accounts, posts, grants: how many were made; refused: (row, refusal)."""

    accounts: int = 0
    posts: int = 0
    grants: int = 0
    refused: list[tuple[int, Invalid]] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    """What a batch knows before it writes, and the acts it will record."""

    by: Actor
    at: datetime
    accounts: dict[str, Account]
    organisations: Mapping[str, Organisation]
    areas: dict[str, Area]
    closed: Mapping[str, datetime]
    result: Enrolled
    drafts: list[Draft] = field(default_factory=list)

    def note(self, verb: str, kind: str, id_: UUID, event: object, area_path: str = "") -> None:
        subject = Subject(kind, id_)
        self.drafts.append(
            Draft(verb=verb, subject=subject, by=self.by, at=self.at, event=event, area_path=area_path)
        )


@transaction.atomic
def enrol_many(rows: Sequence[StaffRow], *, by: Actor, at: datetime) -> Enrolled:
    """Make what is missing of each row's person, account, post and grant; rows that cannot go in are refused alone.

    Accounts get no password: people receive one from the administrator. Raises NotAllowed unless by the system.
    """
    if by.kind != "system":
        raise NotAllowed("grants.installer_only", "批量建号与授权只能由安装程序执行。")
    batch = _batch(rows, by, at)
    fitting = [row for row in rows if _fits(row, batch)]
    _accounts(fitting, batch)
    _posts(fitting, batch)
    _grants(fitting, batch)
    _managers(fitting, batch)
    record_many(batch.drafts)
    return batch.result


def _batch(rows: Sequence[StaffRow], by: Actor, at: datetime) -> _Batch:
    areas = Area.objects.filter(
        Q(code__in={row.area for row in rows}) | Q(path__in={row.area for row in rows})
    ).defer("geometry")
    named = [(key, area) for area in areas for key in (area.code, area.path)]
    return _Batch(
        by,
        at,
        {a.username: a for a in Account.objects.filter(username__in={row.username for row in rows})},
        {
            o.code: o
            for o in Organisation.objects.filter(
                code__in={row.organisation for row in rows}, ended_at__isnull=True
            )
        },
        {key: area for key, area in named if area.ended_at is None},
        dict(sorted(((key, area.ended_at) for key, area in named if area.ended_at), key=itemgetter(1))),
        Enrolled(),
    )


def _fits(row: StaffRow, batch: _Batch) -> bool:
    refusal = _refusal(row, batch)
    if refusal is not None:
        batch.result.refused.append((row.row, refusal))
    return refusal is None


def _refusal(row: StaffRow, batch: _Batch) -> Invalid | None:
    held = batch.accounts.get(row.username)
    scope = ROLES[row.role].scope if row.role in ROLES else ""
    if row.organisation and row.organisation not in batch.organisations:
        return Invalid(
            "staff.organisation",
            "没有代码为 %(given)s 的机构。",
            field="organisation",
            given=row.organisation[:40],
        )
    if row.area and row.area not in batch.areas:
        return no_area(row.area, batch.closed.get(row.area))
    if row.role and not scope:
        return Invalid("grants.role", "没有这种角色：%(role)s。", field="role", role=row.role[:24])
    if scope == "organisation" and not row.organisation:
        return Invalid("grants.organisation_only", "这一角色按机构授权，请选择机构。", field="organisation")
    if row.manages and not row.area:
        return Invalid("staff.manages", "负责人必须填写区域。", field="area")
    if held is not None and held.disabled_at:
        return Invalid("staff.disabled", "账号已停用。", field="username")
    return None


def no_area(given: str, ended_at: datetime | None) -> Invalid:
    """ended_at: since when the area named is closed; None: there has never been one."""
    if ended_at is None:
        return Invalid("staff.area", "没有代码为 %(given)s 的区域。", field="area", given=given[:60])
    return Invalid(
        "staff.area_closed",
        "区域 %(given)s 已于 %(since)s 撤销，请填写现在的区域。",
        field="area",
        given=given[:60],
        since=f"{in_china(ended_at):%Y-%m-%d}",
    )


def _accounts(rows: Sequence[StaffRow], batch: _Batch) -> None:
    """One account for each new login name, with the person its number leads to."""
    fresh = {row.username: row for row in reversed(rows) if row.username not in batch.accounts}
    people = [NewPerson(row.phone, row.name) for row in fresh.values()]
    person_ids = find_or_register_many(people, by=batch.by, at=batch.at)
    made = [
        Account(
            id=uuid7(batch.at),
            username=row.username,
            display_name=row.name,
            person_id=person_id,
            created_at=batch.at,
            password=make_password(None),
        )
        for row, person_id in zip(fresh.values(), person_ids, strict=True)
    ]
    Account.objects.bulk_create(made)
    batch.accounts |= {account.username: account for account in made}
    batch.result.accounts += len(made)
    for account in made:
        event = party_events.AccountCreated(account.person_id)
        batch.note("parties.create_account", "parties.account", account.id, event)


def _posts(rows: Sequence[StaffRow], batch: _Batch) -> None:
    wanted = {
        (account.person_id, batch.organisations[row.organisation].id, row.title): row
        for row in rows
        if row.title and row.organisation and (account := batch.accounts[row.username]).person_id
    }
    people = {person_id for person_id, *_ in wanted if person_id}
    held = Post.objects.filter(person_id__in=people, ended_at__isnull=True)
    known = set(held.values_list("person_id", "organisation_id", "title"))
    made = [
        Post(
            id=uuid7(batch.at),
            person_id=key[0],
            organisation_id=key[1],
            title=key[2],
            public=row.public,
            started_at=batch.at,
        )
        for key, row in wanted.items()
        if key not in known
    ]
    Post.objects.bulk_create(made)
    batch.result.posts += len(made)
    for post in made:
        event = party_events.PostTaken(post.id, post.organisation_id, post.title)
        batch.note("parties.take_post", "parties.person", post.person_id, event)


def _grants(rows: Sequence[StaffRow], batch: _Batch) -> None:
    ids = {batch.accounts[row.username].id for row in rows}
    now = Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=batch.at), account_id__in=ids)
    known: set[tuple[UUID, str, str, UUID | None]] = {
        (grant.account_id, grant.role, grant.area_path, grant.organisation_id) for grant in now
    }
    made = []
    for row in rows:
        if not row.role:
            continue
        account = batch.accounts[row.username]
        area_path, organisation_id = _scope(row, batch)
        key = (account.id, row.role, area_path, organisation_id)
        if key in known:
            continue
        if row.role in ADMINISTRATORS and any(k[0] == account.id and k[1] in ADMINISTRATORS for k in known):
            words = "系统管理员、安全管理员、审计管理员不能由同一账号担任。"
            batch.result.refused.append(
                (row.row, Invalid("grants.administrators_apart", words, field="role"))
            )
            continue
        known.add(key)
        made.append(
            Grant(
                id=uuid7(batch.at),
                account=account,
                role=row.role,
                area_path=area_path,
                organisation_id=organisation_id,
                valid_from=batch.at,
            )
        )
    Grant.objects.bulk_create(made)
    batch.result.grants += len(made)
    for grant in made:
        event = events.Given(
            grant.id, grant.role, grant.area_path, grant.organisation_id, grant.valid_from, None
        )
        batch.note("grants.give", "parties.account", grant.account_id, event, grant.area_path)


def _scope(row: StaffRow, batch: _Batch) -> tuple[str, UUID | None]:
    scope = ROLES[row.role].scope
    if row.organisation and (scope == "organisation" or (scope == "either" and not row.area)):
        return "", batch.organisations[row.organisation].id
    return (batch.areas[row.area].path if row.area and scope in ("area", "either") else ""), None


def _managers(rows: Sequence[StaffRow], batch: _Batch) -> None:
    changed = []
    for row in rows:
        account = batch.accounts[row.username]
        if row.manages and batch.areas[row.area].manager_id != account.person_id:
            area = batch.areas[row.area]
            area.manager_id = account.person_id
            changed.append(area)
            event = place_events.ManagerAppointed(area.code, account.person_id)
            batch.note("places.appoint_manager", "places.area", area.id, event, area.path)
    Area.objects.bulk_update(changed, ["manager"])
