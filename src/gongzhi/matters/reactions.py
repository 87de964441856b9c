"""What this room does about acts, its own and the timetable's."""

from collections.abc import Sequence

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.drafts import Sequenced
from gongzhi.acts.reactions import each, reaction
from gongzhi.matters import telling
from gongzhi.matters.actions.recomputing import recompute
from gongzhi.notices import actions as notices
from gongzhi.timetable.events import YearLoaded


@reaction("matters.notices", verbs=("matters.",))
def tell(acts: Sequence[Sequenced]) -> None:
    """Idempotent: one act tells one recipient once by each way."""
    told = telling.outgoing(acts)
    if told:
        notices.send_many(told, by=SYSTEM, at=acts[-1].recorded_at)


@reaction("matters.holidays", verbs=("timetable.load_year",))
@each
def count_again(act: Sequenced) -> None:
    """A year became known: provisional deadlines become final."""
    if isinstance(act.event, YearLoaded):
        recompute(year=act.event.year, by=SYSTEM, at=act.recorded_at)
