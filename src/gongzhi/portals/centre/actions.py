"""The writes of the desk."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound, NotSignedIn
from gongzhi.portals.centre.events import Exported, FilterEnded, FilterSaved
from gongzhi.portals.centre.models import SavedFilter

KEPT = ("queue", "q", "state", "category", "area", "organisation", "late")
FILTERS_MAX = 30


@transaction.atomic
def save_filter(*, name: str, query: str, by: Actor, at: datetime) -> SavedFilter:
    """Keep the known parts of an inbox query under a name; the same name again replaces it."""
    account_id = _account(by)
    name = name.strip()
    if not name or len(name) > 40:
        raise Invalid("centre.filter_name", "请给筛选起一个 1 到 40 字的名字。", field="name")
    kept = urlencode([(key, value[:100]) for key, value in parse_qsl(query) if key in KEPT and value])
    mine = SavedFilter.objects.filter(account_id=account_id, ended_at__isnull=True)
    replaced = mine.filter(name=name).update(ended_at=at)
    if mine.count() >= FILTERS_MAX:
        raise Conflict("centre.filters_full", "最多保存 %(most)s 个筛选，请先删掉不用的。", most=FILTERS_MAX)
    saved = SavedFilter.objects.create(
        id=ids.uuid7(at), account_id=account_id, name=name, query=kept[:500], saved_at=at
    )
    record(
        verb="centre.save_filter",
        subject=Subject("centre.savedfilter", saved.id),
        by=by,
        at=at,
        event=FilterSaved(replaced=bool(replaced)),
    )
    return saved


@transaction.atomic
def end_filter(*, filter_id: UUID, by: Actor, at: datetime) -> None:
    """Put a filter of one's own away."""
    mine = SavedFilter.objects.filter(pk=filter_id, account_id=_account(by), ended_at__isnull=True)
    if not mine.update(ended_at=at):
        raise NotFound("centre.no_filter", "没有找到这个筛选。")
    record(
        verb="centre.end_filter",
        subject=Subject("centre.savedfilter", filter_id),
        by=by,
        at=at,
        event=FilterEnded(),
    )


@transaction.atomic
def note_export(*, form: str, by: Actor, at: datetime) -> None:
    """Record that a list was taken out of the system."""
    record(
        verb="centre.export",
        subject=Subject("parties.account", _account(by)),
        by=by,
        at=at,
        event=Exported(form=form),
    )


def _account(by: Actor) -> UUID:
    if by.id is None:
        raise NotSignedIn("web.sign_in_first", "请先登录。")
    return by.id
