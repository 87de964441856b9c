"""Registering, changing and ending organisations."""

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.parties import events, normalising
from gongzhi.parties.kinds import ORGANISATION_KINDS
from gongzhi.parties.models import Organisation

_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$")


@transaction.atomic
def register_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    short_name: str = "",
    area_path: str = "",
) -> Organisation:
    """A new organisation below `parent_id`. Raises Conflict when the code was ever used, Invalid, NotAllowed."""
    require_to(by, "parties.organisations")
    name = _judged(code=code, name=name, kind=kind)
    parent = _open(parent_id) if parent_id else None
    if Organisation.objects.filter(code=code).exists():
        raise Conflict(
            "parties.code_taken", "机构代码 %(organisation)s 已被使用。", field="code", organisation=code
        )
    organisation = Organisation.objects.create(
        id=uuid7(at),
        code=code,
        name=name,
        short_name=short_name[:40],
        kind=kind,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        area_path=area_path,
        registered_at=at,
    )
    record(
        verb="parties.register_organisation",
        subject=Subject("parties.organisation", organisation.id),
        by=by,
        at=at,
        event=events.OrganisationRegistered(code, name, kind, organisation.path),
        area_path=area_path,
    )
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation_id: UUID,
    name: str,
    by: Actor,
    at: datetime,
    kind: str = "",
    area_path: str | None = None,
    short_name: str | None = None,
) -> Organisation:
    """New words or area of an organisation; its code and place in the tree stay. Raises NotFound when ended."""
    require_to(by, "parties.organisations")
    organisation = _open(organisation_id)
    organisation.kind = kind or organisation.kind
    organisation.name = _judged(code=organisation.code, name=name, kind=organisation.kind)
    if area_path is not None:
        organisation.area_path = area_path
    if short_name is not None:
        organisation.short_name = short_name[:40]
    organisation.save(update_fields=["name", "kind", "area_path", "short_name"])
    record(
        verb="parties.change_organisation",
        subject=Subject("parties.organisation", organisation.id),
        by=by,
        at=at,
        event=events.OrganisationChanged(
            organisation.code, organisation.name, organisation.kind, organisation.path, organisation.area_path
        ),
        area_path=organisation.area_path,
    )
    return organisation


@transaction.atomic
def end_organisation(*, organisation_id: UUID, reason: str, by: Actor, at: datetime) -> Organisation:
    """Raises Conflict while organisations below it or posts in it are open: they are ended or moved first."""
    require_to(by, "parties.organisations")
    organisation = _open(organisation_id)
    if organisation.below.filter(ended_at__isnull=True).exists():
        raise Conflict(
            "parties.has_below",
            "请先撤销或调整 %(organisation)s 的下级机构。",
            organisation=organisation.code,
        )
    if organisation.posts.filter(ended_at__isnull=True).exists():
        raise Conflict(
            "parties.has_posts",
            "%(organisation)s 仍有在任人员，请先办理离任。",
            organisation=organisation.code,
        )
    organisation.ended_at = at
    organisation.save(update_fields=["ended_at"])
    record(
        verb="parties.end_organisation",
        subject=Subject("parties.organisation", organisation.id),
        by=by,
        at=at,
        event=events.OrganisationEnded(organisation.code, reason),
        area_path=organisation.area_path,
    )
    return organisation


def _judged(*, code: str, name: str, kind: str) -> str:
    if not _CODE.match(code):
        raise Invalid("parties.code", "机构代码只能用字母、数字和 . _ -，最多 40 位。", field="code")
    if kind not in ORGANISATION_KINDS:
        raise Invalid(
            "parties.organisation_kind", "没有这种机构类型：%(kind)s。", field="kind", kind=kind[:24]
        )
    line = normalising.line(name)
    if not 0 < len(line) <= 120:
        raise Invalid("parties.organisation_name", "机构名称不能为空，且不能超过 120 个字。", field="name")
    return line


def _open(organisation_id: UUID) -> Organisation:
    found = (
        Organisation.objects.select_for_update(of=("self",))
        .filter(id=organisation_id, ended_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound("parties.organisation_unknown", "没有这个机构，或它已撤销。")
    return found
