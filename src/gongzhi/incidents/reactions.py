"""What this room does about acts: gathers what is reported, tells everybody an update, and the units whoever is on duty."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from gongzhi.access.actor import SYSTEM
from gongzhi.acts.drafts import Sequenced, Subject
from gongzhi.acts.reactions import reaction
from gongzhi.incidents import gathering
from gongzhi.incidents.events import Declared, Updated
from gongzhi.incidents.models import Incident
from gongzhi.kernel import clock
from gongzhi.matters import reporters
from gongzhi.matters.addressees import recipients
from gongzhi.matters.events import Opened
from gongzhi.notices import actions as notices
from gongzhi.notices.outgoing import Outgoing, Recipient
from gongzhi.timetable.standing import Reach


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


@reaction("incidents.units", verbs=("incidents.declare", "incidents.update"))
def tell_units(acts: Sequence[Sequenced]) -> None:
    """The declaration and every update also reach the units at work on it: in person whoever is on duty at that hour,
    deputies in the place of those away."""
    at = clock.now()
    reach = Reach(at)
    told = [notice for act in acts for notice in _to_units(act, reach)]
    if told:
        notices.send_many(told, by=SYSTEM, at=at)


def _to_units(act: Sequenced, reach: Reach) -> Iterator[Outgoing]:
    rows = Incident.objects.select_related("heart").filter(id=str(act.subject.id))
    incident = rows.first() if isinstance(act.event, Declared | Updated) else None
    if incident is None:
        return
    heart, news = incident.heart, act.event.text if isinstance(act.event, Updated) else ""
    for relation in ("lead", "assistant"):
        for one in recipients(heart, relation, reach, by_name=True):
            values = {"number": heart.number, "title": incident.title, "why": one.why}
            yield Outgoing(
                template="incident.staff" if news else "incident.declared",
                values={**values, "text": news} if news else values,
                to=one.to,
                subject=Subject("matters.matter", heart.id),
                act_id=act.id,
                delivery="now" if one.named else "shown",
                urgent=heart.urgency == "emergency" or not news,
            )


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
