"""For every act with a position: one delivery row for each subscription that wants it."""

from gongzhi.acts.drafts import Sequenced
from gongzhi.acts.reactions import reaction
from gongzhi.exchange import rules
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.payload import body_of
from gongzhi.kernel import ids


@reaction("exchange.webhooks")
def queue_deliveries(act: Sequenced) -> None:
    """Idempotent: one row per subscription and act. This room's own acts are not told (they would feed themselves)."""
    if act.verb.startswith("exchange."):
        return
    open_ones = Subscription.objects.filter(
        ended_at=None, disabled_at=None, from_position__lte=act.position
    ).only("id", "verbs", "area_path")
    wanting = [s for s in open_ones if rules.wants(s.verbs, s.area_path, verb=act.verb, area=act.area_path)]
    Delivery.objects.bulk_create(
        [
            Delivery(
                id=ids.uuid7(act.recorded_at),
                subscription=subscription,
                act_id=act.id,
                position=act.position,
                verb=act.verb,
                body=body_of(act),
                due_at=act.recorded_at,
                created_at=act.recorded_at,
            )
            for subscription in wanting
        ],
        ignore_conflicts=True,
    )
