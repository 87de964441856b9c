"""What a receiver that was away asks for: the acts its subscription wants, by position, with what a call would say."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.exchange import rules
from gongzhi.exchange.models import Subscription
from gongzhi.exchange.policies import SUBSCRIBE
from gongzhi.kernel.refusals import NotFound

READ_MAX = 1_000
_COLUMNS = "act.id, act.verb, act.subject_kind, act.subject_id, act.area_path, act.at, act.recorded_at"


@dataclass(frozen=True, slots=True)
class MissedAct:
    position: int
    act: UUID
    verb: str
    subject_kind: str
    subject_id: str
    area: str
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """read_to: ask on with it as `after`; when it does not grow there is nothing new."""

    acts: tuple[MissedAct, ...]
    read_to: int


def acts_after(*, visible_to: Actor, subscription_id: UUID, after: int) -> Missed:
    """The wanted ones among the next READ_MAX positions, none from before the subscription. Raises NotFound for
    others' subscriptions, NotAllowed when the role is gone."""
    mine = Subscription.objects.filter(id=subscription_id, ended_at=None, owner_id=visible_to.id)
    subscription = mine.first() if visible_to.id else None
    if subscription is None:
        raise NotFound("exchange.not_found", "没有找到这个订阅或推送。")
    require_to(visible_to, SUBSCRIBE, area_path=subscription.area_path)
    start = max(after, subscription.from_position - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT leaf.position, {_COLUMNS} FROM acts_leaf leaf JOIN acts_act act ON act.id = leaf.act_id"  # noqa: S608 (constant)
            " WHERE leaf.position > %s ORDER BY leaf.position LIMIT %s",
            [start, READ_MAX],
        )
        read = [MissedAct(*row) for row in cursor.fetchall()]
    wanted = tuple(act for act in read if _wants(subscription, act))
    return Missed(wanted, read[-1].position if read else max(after, start))


def _wants(subscription: Subscription, act: MissedAct) -> bool:
    own = act.verb.startswith("exchange.")  # never told: it would feed itself
    return not own and rules.wants(subscription.verbs, subscription.area_path, verb=act.verb, area=act.area)
