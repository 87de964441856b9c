"""Carrying queued deliveries: claimed with SKIP LOCKED, sent in order per subscription, tried again with growing
pauses; a receiver that stays silent is switched off and its owner told. At least once: receivers go by webhook-id."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import F

from gongzhi.access.actor import SYSTEM
from gongzhi.access.decisions import may_do
from gongzhi.acts.drafts import Subject
from gongzhi.exchange import actions, addresses, outbound, rules, sealing, signing
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.policies import SUBSCRIBE
from gongzhi.grants.queries import actor_of
from gongzhi.kernel.refusals import Refusal
from gongzhi.notices import actions as notices
from gongzhi.notices.outgoing import Outgoing, Recipient

BATCH = 100
THREADS = 8
ROUND_SECONDS = 60.0  # well below the lease: what is left is not sent twice
_GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery. tried False: an earlier one of the same subscription failed just now."""

    delivery: Delivery
    status: int | None = None
    error: str = ""
    tried: bool = True


def deliver_due(*, at: datetime, limit: int = BATCH) -> int:
    """Send what is due; returns how many deliveries were looked at. Several workers may run it at once."""
    claimed = _claim(at, limit)
    queues = [list(group) for _, group in groupby(claimed, key=lambda d: d.subscription_id)]
    allowed = [queue for queue in queues if _owner_may(queue[0].subscription, at)]
    if allowed:
        with ThreadPoolExecutor(max_workers=min(THREADS, len(allowed)), thread_name_prefix="webhook") as pool:
            for outcomes in pool.map(lambda queue: _send_queue(queue, at), allowed):
                _settle(outcomes, at)
    return len(claimed)


def _claim(at: datetime, limit: int) -> list[Delivery]:
    """Ours until the lease ends, ordered by subscription and position."""
    with transaction.atomic():
        due = Delivery.objects.filter(
            state="queued",
            due_at__lte=at,
            subscription__disabled_at=None,
            subscription__ended_at=None,
        )
        rows = due.select_related("subscription").order_by("due_at", "position")
        claimed = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        Delivery.objects.filter(id__in=[d.id for d in claimed]).update(due_at=at + rules.LEASE)
    return sorted(claimed, key=lambda d: (d.subscription_id, d.position))


def _owner_may(subscription: Subscription, at: datetime) -> bool:
    """A subscription lives as long as its owner's right: asked at every sending."""
    if may_do(actor_of(subscription.owner_id, at), SUBSCRIBE, area_path=subscription.area_path):
        return True
    actions.disable(subscription_id=subscription.id, reason="rights", by=SYSTEM, at=at)
    return False


def _send_queue(queue: list[Delivery], at: datetime) -> list[Outcome]:
    """In order; the first failure stops the queue, so that a dead receiver costs one time limit a round. Runs in a
    thread and touches no database."""
    outcomes: list[Outcome] = []
    end = time.monotonic() + ROUND_SECONDS
    for index, delivery in enumerate(queue):
        outcome = _send(delivery, at)
        outcomes.append(outcome)
        if outcome.error or time.monotonic() > end:
            return outcomes + [Outcome(rest, tried=False) for rest in queue[index + 1 :]]
    return outcomes


def _send(delivery: Delivery, at: datetime) -> Outcome:
    subscription, body = delivery.subscription, delivery.body.encode()
    try:
        secret = sealing.opened(subscription.secret_sealed, subscription.id)
        signed = signing.headers(
            secret=secret, delivery_id=str(delivery.id), timestamp=int(at.timestamp()), body=body
        )
        headers = {"Content-Type": "application/json", "User-Agent": "Gongzhi-Webhooks/1", **signed}
        answer = outbound.post(subscription.url, body=body, headers=headers)
    except (outbound.Failed, outbound.Forbidden) as error:
        return Outcome(delivery, None, str(error)[:200])
    except Refusal:
        return Outcome(delivery, None, "address refused")
    except Exception as error:  # one subscriber's trouble never stops the others
        return Outcome(delivery, None, type(error).__name__)
    return Outcome(delivery, answer.status, "" if rules.delivered(answer.status) else f"HTTP {answer.status}")


def _settle(outcomes: list[Outcome], at: datetime) -> None:
    with transaction.atomic():
        pause: datetime | None = None
        for outcome in outcomes:
            delivery, open_row = (
                outcome.delivery,
                Delivery.objects.filter(id=outcome.delivery.id, state="queued"),
            )
            if not outcome.tried:
                open_row.update(due_at=pause or at + rules.LEASE)
                continue
            delivery.attempts += 1
            if not outcome.error:
                open_row.update(
                    state="sent",
                    due_at=None,
                    sent_at=at,
                    status=outcome.status,
                    error="",
                    attempts=delivery.attempts,
                )
                continue
            pause = rules.next_attempt(delivery.attempts, at)
            open_row.update(
                state="queued" if pause else "failed",
                due_at=pause,
                status=outcome.status,
                error=outcome.error,
                attempts=delivery.attempts,
            )
        _count(outcomes, at)


def _count(outcomes: list[Outcome], at: datetime) -> None:
    subscription_id = outcomes[0].delivery.subscription_id
    failures = [o for o in outcomes if o.tried and o.error]
    rows = Subscription.objects.filter(id=subscription_id)
    if not failures:
        rows.exclude(failures=0).update(failures=0)
        return
    rows.update(failures=F("failures") + 1)
    subscription = rows.get()
    if failures[0].status == _GONE:
        _switch_off(subscription, "gone", at, failures[0].delivery.act_id)
    elif subscription.failures >= rules.FAILURES_MAX:
        _switch_off(subscription, "failures", at, failures[0].delivery.act_id)


def _switch_off(subscription: Subscription, reason: str, at: datetime, act_id: UUID) -> None:
    """The owner is told, or the system administrators where the owner is a machine."""
    actions.disable(subscription_id=subscription.id, reason=reason, by=SYSTEM, at=at)
    owner = subscription.owner
    to = (
        Recipient(person_id=owner.person_id, language=owner.language)
        if owner.person_id
        else Recipient(role="system_admin")
    )
    told = Outgoing(
        template="webhook.disabled",
        values={
            "address": addresses.target(subscription.url, plain_allowed=True).host,
            "failures": str(subscription.failures),
        },
        to=to,
        subject=Subject("exchange.subscription", subscription.id),
        act_id=act_id,
    )
    notices.send(told, by=SYSTEM, at=at)
