"""For every act with a position: one delivery row for each subscription that wants it."""

from collections.abc import Sequence

from gongzhi.acts.drafts import Sequenced
from gongzhi.acts.reactions import reaction
from gongzhi.exchange import rules
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.payload import body_of
from gongzhi.kernel import ids


@reaction("exchange.webhooks")
def queue_deliveries(acts: Sequence[Sequenced]) -> None:
    """Idempotent: one row per subscription and act. This room's own acts are not told (they would feed themselves)."""
    open_ones = list(Subscription.objects.filter(ended_at=None, disabled_at=None))
    Delivery.objects.bulk_create(
        (
            _delivery(subscription, act)
            for act in acts
            for subscription in open_ones
            if _wants(subscription, act)
        ),
        ignore_conflicts=True,
    )


def _wants(subscription: Subscription, act: Sequenced) -> bool:
    return (
        not act.verb.startswith("exchange.")
        and subscription.from_position <= act.position
        and rules.wants(subscription.verbs, subscription.area_path, verb=act.verb, area=act.area_path)
    )


def _delivery(subscription: Subscription, act: Sequenced) -> Delivery:
    return Delivery(
        id=ids.uuid7(act.recorded_at),
        subscription=subscription,
        act_id=act.id,
        position=act.position,
        verb=act.verb,
        body=body_of(act),
        due_at=act.recorded_at,
        created_at=act.recorded_at,
    )
