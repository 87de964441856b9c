"""The reads: one's own subscriptions and their deliveries; administrators see all. Secrets are never read here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.policies import ADMINISTER
from gongzhi.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    id: UUID
    url: str
    verbs: list[str]
    area_path: str
    owner_id: UUID
    failures: int
    created_at: datetime
    disabled_at: datetime | None
    queued: int
    failed: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """status: HTTP status of the last answer; error: short reason of the last failure."""

    id: UUID
    act_id: UUID
    position: int
    verb: str
    state: str
    attempts: int
    status: int | None
    error: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None


def subscriptions(*, visible_to: Actor) -> list[SubscriptionRow]:
    """Not ended, oldest first; one query."""
    rows = _visible(visible_to).filter(ended_at=None).order_by("created_at", "id")
    counted = rows.annotate(
        queued=Count("deliveries", filter=Q(deliveries__state="queued")),
        failed=Count("deliveries", filter=Q(deliveries__state="failed")),
    )
    names = tuple(SubscriptionRow.__dataclass_fields__)
    return [SubscriptionRow(*row) for row in counted.values_list(*names)]


def deliveries(
    *, visible_to: Actor, subscription_id: UUID, state: str = "", before: int | None = None, limit: int = 50
) -> list[DeliveryRow]:
    """Newest act first; `before` is the position of the last row of the page. NotFound for others' subscriptions."""
    if not _visible(visible_to).filter(id=subscription_id).exists():
        raise NotFound("exchange.not_found", "没有找到这个订阅或推送。")
    rows = Delivery.objects.filter(subscription_id=subscription_id)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(position__lt=before) if before is not None else rows
    names = tuple(DeliveryRow.__dataclass_fields__)
    return [DeliveryRow(*row) for row in rows.order_by("-position").values_list(*names)[:limit]]


def _visible(actor: Actor) -> QuerySet[Subscription]:
    if may_do(actor, ADMINISTER):
        return Subscription.objects.all()
    return Subscription.objects.filter(owner_id=actor.id) if actor.id else Subscription.objects.none()
