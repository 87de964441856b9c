"""The writes: subscribe, renew the secret, disable, enable, end, send again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import may_do, require_to
from gongzhi.acts import actions as acts
from gongzhi.acts import queries as acts_queries
from gongzhi.acts.drafts import Subject
from gongzhi.exchange import addresses, events, outbound, rules, sealing, signing
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.policies import ADMINISTER, SUBSCRIBE
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Subscribed:
    """secret: shown this once ("whsec_…"); we keep it sealed."""

    id: UUID
    secret: str


def subscribe(*, url: str, verbs: Sequence[str], area_path: str = "", by: Actor, at: datetime) -> Subscribed:
    """Start telling `url` of acts from now on. Raises Invalid for an address that may not be called or odd verbs,
    NotAllowed when the actor's role does not reach the area."""
    require_to(by, SUBSCRIBE, area_path=area_path)
    if by.id is None:
        raise Invalid("exchange.no_account", "须由登录账号订阅。")
    _judge_verbs(verbs)
    target = _judge_address(url)
    subscription_id, secret = ids.uuid7(at), signing.new_secret()
    sealed, key_id = sealing.sealed(secret, subscription_id)
    with transaction.atomic():
        subscription = Subscription.objects.create(
            id=subscription_id,
            owner_id=by.id,
            url=url,
            secret_sealed=sealed,
            secret_key_id=key_id,
            verbs=list(verbs),
            area_path=area_path,
            from_position=acts_queries.head() + 1,
            created_at=at,
        )
        _record(
            "exchange.subscribe",
            subscription,
            by,
            at,
            events.Subscribed(target.host, tuple(verbs), area_path),
        )
    return Subscribed(subscription_id, signing.shown(secret))


def renew_secret(*, subscription_id: UUID, by: Actor, at: datetime) -> Subscribed:
    """A new secret; the old one is gone at once. Also how a subscription moves to a rotated key."""
    with transaction.atomic():
        subscription = _own(subscription_id, by)
        secret = signing.new_secret()
        subscription.secret_sealed, subscription.secret_key_id = sealing.sealed(secret, subscription.id)
        subscription.save(update_fields=["secret_sealed", "secret_key_id"])
        renewed = events.SecretRenewed(subscription.secret_key_id)
        _record("exchange.renew_secret", subscription, by, at, renewed)
    return Subscribed(subscription.id, signing.shown(secret))


def disable(*, subscription_id: UUID, reason: str = "owner", by: Actor, at: datetime) -> None:
    """Stop sending; what is queued waits until it is enabled again. Twice does nothing."""
    with transaction.atomic():
        subscription = _own(subscription_id, by)
        if subscription.disabled_at is None:
            subscription.disabled_at = at
            subscription.save(update_fields=["disabled_at"])
            _record("exchange.disable", subscription, by, at, events.Disabled(reason))


def enable(*, subscription_id: UUID, by: Actor, at: datetime) -> None:
    """Send again, what waited included. Acts of the time between are not sent: read them by position from the API."""
    with transaction.atomic():
        subscription = _own(subscription_id, by)
        require_to(by, SUBSCRIBE, area_path=subscription.area_path)
        if subscription.disabled_at is not None:
            subscription.disabled_at, subscription.failures = None, 0
            subscription.save(update_fields=["disabled_at", "failures"])
            _record("exchange.enable", subscription, by, at, events.Enabled())


def unsubscribe(*, subscription_id: UUID, by: Actor, at: datetime) -> None:
    """End it; its deliveries stay to be read, what was queued is given up."""
    with transaction.atomic():
        subscription = _own(subscription_id, by)
        subscription.ended_at = at
        subscription.save(update_fields=["ended_at"])
        subscription.deliveries.filter(state="queued").update(
            state="failed", due_at=None, error="unsubscribed"
        )
        _record("exchange.unsubscribe", subscription, by, at, events.Unsubscribed())


def redeliver(*, delivery_id: UUID, by: Actor, at: datetime) -> None:
    """Send one act again under the same delivery id. Raises Conflict while it is queued anyway."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(id=delivery_id).first()
        if delivery is None:
            raise _unknown()
        subscription = _own(delivery.subscription_id, by)
        if delivery.state == "queued":
            raise Conflict("exchange.queued", "这条推送正在等待发送。")
        delivery.state, delivery.due_at, delivery.attempts, delivery.error = "queued", at, 0, ""
        delivery.save(update_fields=["state", "due_at", "attempts", "error"])
        _record("exchange.redeliver", subscription, by, at, events.Redelivered(delivery.id))


def _judge_verbs(verbs: Sequence[str]) -> None:
    plain = all(
        v and v.replace(".", "").replace("_", "").isalnum() and v.isascii() and len(v) < 80 for v in verbs
    )
    if len(verbs) > rules.VERBS_MAX or not plain:
        raise Invalid(
            "exchange.verbs",
            "行为类别不正确，例如 matters.open 或 matters.（以点结尾表示一类）。",
            field="verbs",
        )


def _judge_address(url: str) -> addresses.Target:
    """Also resolved now, so that a mistake is said at once; a name unknown today may be known tomorrow."""
    try:
        return outbound.judge(url)[0]
    except outbound.Forbidden as error:
        raise addresses.refused() from error
    except outbound.Failed as error:
        raise Invalid("exchange.unknown_name", "无法解析该地址的域名，请检查后重试。", field="url") from error


def _own(subscription_id: UUID, by: Actor) -> Subscription:
    subscription = Subscription.objects.select_for_update().filter(id=subscription_id, ended_at=None).first()
    if subscription is None or not (subscription.owner_id == by.id or may_do(by, ADMINISTER)):
        raise _unknown()
    return subscription


def _unknown() -> NotFound:
    return NotFound("exchange.not_found", "没有找到这个订阅或推送。")


def _record(verb: str, subscription: Subscription, by: Actor, at: datetime, event: object) -> None:
    subject = Subject("exchange.subscription", subscription.id)
    acts.record(verb=verb, subject=subject, by=by, at=at, event=event, area_path=subscription.area_path)
