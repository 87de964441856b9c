"""The page of one matter: a constant number of statements, however long its life."""

from datetime import datetime
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require
from gongzhi.access.prepared import fetch, instances
from gongzhi.acts.queries import TimelineEntry, timeline
from gongzhi.catalogue.models import Category, ProcedureVersion
from gongzhi.files import queries as files
from gongzhi.files import sight
from gongzhi.files.queries import FileRow
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound
from gongzhi.matters import loading, rules
from gongzhi.matters.models import ClockRun, Matter, MatterText
from gongzhi.matters.queries import timelines, together, views
from gongzhi.matters.queries.kin import kin
from gongzhi.matters.queries.rows import CaseView
from gongzhi.matters.queries.selecting import rows_of
from gongzhi.matters.sight import works_on
from gongzhi.matters.wholes import whole_of
from gongzhi.parties import queries as parties
from gongzhi.timetable import queries as timetables

KIND = "matters.matter"
_PROCEDURE = (
    "SELECT id, code, version FROM catalogue_procedureversion WHERE id = %s"  # its long body is in memory
)
_ANSWERS = ("matters.answer", "matters.answer_now", "matters.sign_off")
_MERGES = """
SELECT child.number, whole.number FROM matters_merge m
JOIN matters_matter child ON child.id = m.matter_id JOIN matters_matter whole ON whole.id = m.into_id
WHERE (m.into_id = %(matter)s OR m.matter_id = %(matter)s) AND m.ended_at IS NULL ORDER BY m.at, m.id"""


def case(*, visible_to: Actor, number: str, at: datetime, timeline_limit: int = 100) -> CaseView:
    """Everything about one matter that this reader may see, with the verbs they may do now. Raises NotFound.

    Who is only its reporter reads what the reporter is told: no internal notes, names of officials, or other clocks
    than those promised.
    """
    matter = _found(number)
    require(visible_to, "view", matter)
    [header] = rows_of([matter.id])
    facts, table = loading.facts_of(matter.id), timetables.current()
    situation = loading.situation_of(matter, facts, at=at, timetable=table, reader=visible_to)
    doer = loading.doer_of(visible_to, matter, facts, by_post=True)
    as_reporter = not works_on(visible_to, matter)
    acts = timeline(KIND, matter.id, limit=timeline_limit)
    if as_reporter and matter.state == "merged":
        acts = [*_answers_elsewhere(matter.id), *acts]
    people = views.names_of(facts, acts, matter) if not as_reporter else views.Names()
    runs = instances(ClockRun, "WHERE matter_id = %s ORDER BY started_at, id", [matter.id])
    shown = [run for run in runs if run.promised or not as_reporter]
    clocks = tuple(views.clock_view(run, situation, table, visible_to.language) for run in shown)
    own = {of: [clock for clock in clocks if clock.of == of] for of in {clock.of for clock in clocks} if of}
    reporter = _reporter(visible_to, matter, hidden=as_reporter)
    merged, into = _merges(matter)
    return CaseView(
        header=header,
        text=matter.words.text,
        address=matter.words.address,
        language=matter.words.language,
        as_reporter=as_reporter,
        handler=people.account(matter.handler_id),
        assistants=tuple(
            people.organisation(fact.organisation_id) for fact in facts.currents("assignment", role="assist")
        ),
        reporter_id=None if as_reporter else reporter[0],
        reporter_name=reporter[1],
        reporter_contacts=reporter[2],
        anonymous=matter.words.anonymous,
        place_state=matter.words.place_state,
        clocks=clocks,
        timeline=timelines.read(acts, situation.procedure, people, as_reporter=as_reporter),
        facts=views.facts_view(facts, people, as_reporter=as_reporter),
        files=_files(matter, as_reporter),
        offers=tuple(views.offer(verb, situation, matter) for verb in rules.offers(situation, doer)),
        route=None if as_reporter else views.route_view(facts, visible_to.language, people),
        merged=() if as_reporter else merged,
        merged_into="" if as_reporter else into,
        kin=kin(matter, visible_to=visible_to, as_reporter=as_reporter),
        external_id="" if as_reporter else matter.external_id,
        procedure_code=matter.procedure.code,
        procedure_version=matter.procedure.version,
        etag=f'"{matter.version}"',
        whistles=() if as_reporter else together.whistles(facts, people, situation.procedure, own),
        supervisions=() if as_reporter else together.supervisions(facts, people, situation.procedure, own),
        urged=tuple(fact.at for fact in facts.all("urge")),
    )


def trail(
    *, visible_to: Actor, number: str, limit: int = 100, before: UUID | None = None
) -> list[TimelineEntry]:
    """The acts of a matter without what they said, for auditors (policy "audit"). Raises NotFound."""
    matter = _found(number)
    require(visible_to, "audit", matter)
    return timelines.without_content(timeline(KIND, matter.id, limit=limit, before=before))


def _found(number: str) -> Matter:
    try:
        parsed = numbers.parse(number[:40])
    except ValueError:
        parsed = ""
    for matter in instances(Matter, "WHERE number = %s", [parsed]):
        [matter.words] = instances(MatterText, "WHERE matter_id = %s", [matter.id])
        [matter.category] = instances(Category, "WHERE id = %s", [matter.category_id])
        [version] = fetch(_PROCEDURE, [matter.procedure_id])
        matter.procedure = ProcedureVersion.from_db("default", ("id", "code", "version"), version)
        return matter
    raise NotFound("access.not_found", "没有找到，或者您无权查看。")


def _reporter(actor: Actor, matter: Matter, *, hidden: bool) -> tuple[UUID | None, str, tuple[str, ...]]:
    """Masked; nothing at all of who reports anonymously."""
    if hidden or matter.reporter_id is None or matter.words.anonymous:
        return None, "", ()
    for person in parties.masked(person_ids=[matter.reporter_id], visible_to=actor):
        return person.id, person.name, tuple(value for _, _, value in person.contacts)
    return None, "", ()


def _merges(matter: Matter) -> tuple[tuple[str, ...], str]:
    """Numbers merged into this one, and the number it was merged into."""
    pairs = fetch(_MERGES, {"matter": matter.id})
    return (
        tuple(child for child, _ in pairs if child != matter.number),
        next((into for child, into in pairs if child == matter.number), ""),
    )


def _answers_elsewhere(matter_id: UUID) -> list[TimelineEntry]:
    """What a unit answered where a merged matter goes on, newest first: never what other people wrote there."""
    whole = whole_of(matter_id)
    acts = timeline(KIND, whole.id, limit=100) if whole else []
    return [act for act in acts if act.verb in _ANSWERS]


def _files(matter: Matter, as_reporter: bool) -> tuple[FileRow, ...]:
    level: sight.Level = "public" if as_reporter else "internal"
    return tuple(row for row in files.attached(KIND, [matter.id]) if sight.shows(level, row.visibility))
