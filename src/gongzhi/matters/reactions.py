"""What this room does about acts, its own and the timetable's."""

from collections.abc import Sequence

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.drafts import Sequenced
from gongzhi.acts.reactions import each, reaction
from gongzhi.kernel import clock
from gongzhi.matters import telling
from gongzhi.matters.actions.recomputing import recompute
from gongzhi.notices import actions as notices
from gongzhi.notices import queries as notices_read
from gongzhi.timetable.events import WorkHandedOver, YearLoaded


@reaction("matters.notices", verbs=("matters.",))
def tell(acts: Sequence[Sequenced]) -> None:
    """Idempotent: what an act had to tell was told in one piece, and is not told to whoever is on duty meanwhile."""
    at = clock.now()  # a worker that was down tells those who are on duty when it is up again
    before = notices_read.told_of([act.id for act in acts])
    told = telling.outgoing([act for act in acts if act.id not in before], at=at)
    if told:
        notices.send_many(told, by=SYSTEM, at=at)


@reaction("matters.holidays", verbs=("timetable.load_year",))
@each
def count_again(act: Sequenced) -> None:
    """A year became known: provisional deadlines become final."""
    if isinstance(act.event, YearLoaded):
        recompute(year=act.event.year, by=SYSTEM, at=act.recorded_at)


@reaction("matters.handed_over", verbs=("timetable.hand_over",))
@each
def tell_receiver(act: Sequenced) -> None:
    """One notice to whoever has the work now, however many cases it is."""
    if isinstance(act.event, WorkHandedOver):
        at = clock.now()
        notices.send_many(telling.handed_over(act, act.event), by=SYSTEM, at=at)
