"""The writes: tell, see, try again. Sending itself is `delivering`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to, visible
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import NotFound
from gongzhi.notices import events, planning, templates
from gongzhi.notices.models import Notice
from gongzhi.notices.outgoing import Outgoing

_series = ids.Series()  # what is told together is read in the order it was told


def send(outgoing: Outgoing, *, by: Actor, at: datetime) -> list[UUID]:
    """Tell one recipient; returns the ids of notices that are new. See `send_many`."""
    return send_many([outgoing], by=by, at=at)


def send_many(outgoing: Sequence[Outgoing], *, by: Actor, at: datetime) -> list[UUID]:
    """Write notices and queue what a gateway carries; a handful of statements however many. Idempotent: what one act
    told a recipient by a way is never told again. Returns the ids of new notices.

    Raises KeyError for an unknown template and ValueError for values it does not take.
    """
    plans = planning.plans(outgoing, at)
    drafted = {_key(notice): notice for item in outgoing for notice in _notices(item, plans, at)}
    if not drafted:
        return []
    with transaction.atomic():
        Notice.objects.bulk_create(drafted.values(), ignore_conflicts=True)
        wanted = [notice.id for notice in drafted.values()]
        written = set(Notice.objects.filter(id__in=wanted).values_list("id", flat=True))
        new = [notice for notice in drafted.values() if notice.id in written]
        acts.record_many(list(_drafts(new, by, at)))
    return [notice.id for notice in new]


def mark_seen(*, notice_ids: Iterable[UUID], by: Actor, at: datetime) -> int:
    """The reader has opened these; others' and already seen ones are passed over. Returns how many changed."""
    with transaction.atomic():
        own = visible(Notice.objects.filter(id__in=list(notice_ids), channel="shown", state="sent"), by)
        found = list(own.select_for_update(of=("self",)).values_list("id", flat=True))
        if found:
            Notice.objects.filter(id__in=found).update(state="seen", seen_at=at)
            subject = Subject("notices.reader", by.party_id or by.id or "unknown")
            acts.record(verb="notices.see", subject=subject, by=by, at=at, event=events.Seen(tuple(found)))
    return len(found)


@acts.unrecorded("part of the act that names whom it must be kept from")
def withhold(
    *, subject_kind: str, subject_id: UUID | str, unit_id: UUID | None, account_id: UUID | None
) -> None:
    """Everything told about a subject so far is kept from these from now on. Part of the caller's act."""
    rows = Notice.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))
    rows.filter(person__isnull=True).update(kept_from_unit=unit_id, kept_from_account=account_id)


def retry(*, notice_id: UUID, by: Actor, at: datetime) -> None:
    """Queue a failed notice again. Needs `notices.deliveries`; raises NotFound unless it has failed."""
    require_to(by, "notices.deliveries")
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(id=notice_id, state="failed").first()
        if notice is None:
            raise NotFound("notices.not_failed", "没有这条发送失败的通知，可能已重新发送。")
        notice.state, notice.due_at, notice.attempts, notice.error = "queued", at, 0, ""
        notice.save(update_fields=["state", "due_at", "attempts", "error"])
        subject = Subject(notice.subject_kind, notice.subject_id)
        retried = events.Retried(notice.channel)
        acts.record(verb="notices.retry", subject=subject, by=by, at=at, event=retried)


def _notices(item: Outgoing, plans: planning.Plans, at: datetime) -> Iterable[Notice]:
    template = templates.find(item.template)
    words = templates.rendered(template, item.to.language, item.values)
    plan = plans.of(item)
    channels = (*item.channels, "sms") if plan else item.channels
    for channel in dict.fromkeys(channels):
        carried = channel != "shown"
        due_at = (plan.due_at if plan else at) if carried else None
        yield Notice(
            id=_series.take(at)[0],
            recipient=item.to.reference,
            person_id=item.to.person_id,
            organisation_id=item.to.organisation_id,
            role=item.to.role,
            area_path=item.to.area_path,
            subject_kind=item.subject.kind,
            subject_id=str(item.subject.id),
            act_id=item.act_id,
            kept_from_unit=item.kept_from_unit,
            kept_from_account=item.kept_from_account,
            template=template.code,
            template_version=template.version,
            language=item.to.language,
            title=words.title,
            body=words.body,
            channel=channel,
            state="sent" if not carried else "held" if plan and plan.held else "queued",
            created_at=at,
            due_at=due_at,
            urgent=carried and (item.urgent or plan is None),
            goes_on=plan.goes_on if plan and carried else None,
            sent_at=None if carried else at,
        )


def _key(notice: Notice) -> tuple[UUID, str, str, str]:
    return notice.act_id, notice.recipient, notice.template, notice.channel


def _drafts(notices: list[Notice], by: Actor, at: datetime) -> Iterable[Draft]:
    """One act for everything one act made us tell about one subject."""

    def told(notice: Notice) -> tuple[str, str, UUID]:
        return notice.subject_kind, notice.subject_id, notice.act_id

    for (kind, id_, act_id), group in groupby(sorted(notices, key=told), key=told):
        several = tuple(events.Told(n.recipient, n.channel, n.template, n.template_version) for n in group)
        sent = events.Sent(act_id, several)
        yield Draft(verb="notices.send", subject=Subject(kind, id_), by=by, at=at, event=sent)
