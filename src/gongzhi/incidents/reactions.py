"""What this room does about acts: gathers what is reported, tells everybody an update."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.drafts import Sequenced, Subject
from gongzhi.acts.reactions import reaction
from gongzhi.incidents import gathering
from gongzhi.incidents.events import Updated
from gongzhi.incidents.models import Incident
from gongzhi.matters import reporters
from gongzhi.matters.events import Opened
from gongzhi.notices import actions as notices
from gongzhi.notices.outgoing import Outgoing, Recipient


@reaction("incidents.gathering", verbs=("matters.open",))
def gather(acts: Sequence[Sequenced]) -> None:
    """A report that belongs to an open incident goes into it; nothing is asked while there is none."""
    opened = [act for act in acts if isinstance(act.event, Opened) and act.event.imported is None]
    if opened and Incident.objects.filter(ended_at__isnull=True).exists():
        gathering.gather([UUID(str(act.subject.id)) for act in opened], at=acts[-1].recorded_at)


@reaction("incidents.leaving", verbs=("matters.unmerge",))
def let_go(acts: Sequence[Sequenced]) -> None:
    """Who undid the merge took the report out of the incident; the rule does not bring it in again."""
    for act in acts:
        gathering.let_go(matter_id=UUID(str(act.subject.id)), by=SYSTEM, at=act.recorded_at)


@reaction("incidents.notices", verbs=("incidents.update",))
def tell(acts: Sequence[Sequenced]) -> None:
    """One update reaches all who reported, each under the number of their own report."""
    told = [notice for act in acts for notice in _of(act)]
    if told:
        notices.send_many(told, by=SYSTEM, at=acts[-1].recorded_at)


def _of(act: Sequenced) -> Iterator[Outgoing]:
    if not isinstance(act.event, Updated):
        return
    incident = Incident.objects.select_related("heart").filter(id=str(act.subject.id)).first()
    if incident is None:
        return
    for reporter in reporters.of([incident.heart])[incident.heart_id]:
        yield Outgoing(
            template="incident.update",
            values={"number": reporter.number, "title": incident.title, "text": act.event.text},
            to=Recipient(person_id=reporter.person_id, language=reporter.language),
            subject=Subject("matters.matter", incident.heart_id),
            act_id=act.id,
            channels=("shown", "sms") if reporter.has_phone else ("shown",),
        )
