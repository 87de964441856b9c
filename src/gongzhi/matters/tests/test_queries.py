"""Lists show what the object shows, cost the same for 5 rows and for 50, and page without gaps."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, Actor, Held
from gongzhi.access.decisions import may, visible
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound
from gongzhi.matters import map, queries, searching
from gongzhi.matters.models import Assignment, Matter
from gongzhi.matters.queries import Box, Filters
from gongzhi.matters.queues import QUEUES
from gongzhi.matters.tests.scenes import form
from gongzhi.matters.tests.town import AT, CAST, EAST, GRID, MEMBERS, WEST, D

BOX = Box(112, 27, 114, 29)
READS = {
    "page": lambda town, number: queries.page(visible_to=town["dispatcher"], filters=Filters(), at=AT),
    "page by queue": lambda town, number: queries.page(
        visible_to=town["dispatcher"], filters=Filters(queue="to_accept", area=D, category="lamp"), at=AT
    ),
    "counts": lambda town, number: queries.counts(visible_to=town["dispatcher"], at=AT),
    "search": lambda town, number: queries.search(visible_to=town["dispatcher"], text="路灯"),
    "clusters": lambda town, number: queries.clusters(visible_to=town["dispatcher"], box=BOX, zoom=10, at=AT),
    "points": lambda town, number: queries.clusters(visible_to=town["dispatcher"], box=BOX, zoom=17, at=AT),
    "export": lambda town, number: list(
        queries.export(visible_to=town["dispatcher"], filters=Filters(), at=AT)
    ),
    "case": lambda town, number: queries.case(visible_to=town["dispatcher"], number=number, at=AT),
}


def statements(read, town, number):
    with CaptureQueriesContext(connection) as captured:
        read(town, number)
    return len(captured)


@pytest.mark.parametrize("name", READS)
def test_a_read_costs_the_same_for_5_rows_and_for_50(town, name):
    numbers = [one.number for one in town.open_several(5)]
    for number in (numbers[0], numbers[1]):
        town.do(number, "accept", "dispatcher")
    READS[name](town, numbers[0])  # caches are warm
    few = statements(READS[name], town, numbers[0])
    town.open_several(45)
    for _ in range(20):
        town.do(numbers[0], "note", "dispatcher", text="x")
    assert statements(READS[name], town, numbers[0]) == few


def various(town, count=40, complaints=True):
    """Matters of all kinds of places, leads, secrecy and reporters, in several states."""
    chance = random.Random(3)
    paths = ["", D, EAST, GRID, WEST]
    given = []
    for _ in range(count):
        path = chance.choice(paths)
        opened = town.open(
            area_path=path,
            area_id=town.grid.id if path else None,
            place_state="located" if path else "unknown",
            confidential=chance.random() < 0.3,
            reporter=chance.choice([town["reporter"].party_id, town["neighbour"].party_id, None]),
        )
        given.append(opened.number)
        lead = chance.choice([None, "bureau", "other"])
        matter = town.matter(opened.number)
        if lead:
            matter.lead = town.organisations[lead]
        matter.stage = chance.choice(["intake", "handling", "review", "appraisal"])
        matter.state = {"intake": "reported", "handling": "handling", "review": "verifying"}.get(
            matter.stage, "calling_back"
        )
        if complaints and chance.random() < 0.4:
            matter.accused_unit = chance.choice(
                [None, *(town.organisations[c] for c in ("bureau", "other", "street"))]
            )
        if complaints and chance.random() < 0.3:
            matter.accused_account_id = town[
                chance.choice(["dispatcher", "handler", "quality", "auditor"])
            ].id
        matter.save()
        if chance.random() < 0.3:
            helper = town.organisations[chance.choice(["third", "other"])]
            Assignment.objects.create(
                id=ids.uuid7(AT), matter=matter, at=AT, by="system", organisation=helper, role="assist"
            )
    return given


def people(town):
    yield from ((name, town[name]) for name in [*CAST, *MEMBERS, "reporter", "neighbour"])
    yield "nobody", ANONYMOUS
    third = Held("handler", organisation_id=town.organisations["third"].id)
    yield "helper", Actor(kind="account", id=ids.uuid7(AT), held=(third,))
    yield "everywhere", Actor(kind="account", id=ids.uuid7(AT), held=(Held("dispatcher"), third))
    yield (
        "of the street",
        replace(town["street_leader"], belongs=frozenset({town.organisations["street"].id})),
    )
    yield "of no unit", replace(town["head"], belongs=frozenset())
    yield "several", replace(town["handler"], held=(*town["handler"].held, Held("quality", EAST), third))


def test_a_complaint_is_kept_from_whom_it_is_about_and_from_nobody_else(town):
    various(town)
    matters = list(Matter.objects.all())
    for name, actor in people(town):
        for matter in matters:
            plain = Matter.objects.get(id=matter.id)
            plain.accused_unit_id = plain.accused_account_id = None
            about = matter.accused_unit_id in actor.units or (
                actor.id is not None and matter.accused_account_id == actor.id
            )
            own = actor.party_id is not None and actor.party_id == matter.reporter_id
            for verb in ("view", "audit"):
                expected = may(actor, verb, plain) and (not about or (own and verb == "view"))
                assert may(actor, verb, matter) == expected, (name, verb)


def test_every_read_shows_exactly_what_the_object_allows(town):
    various(town)
    searching.index_words()
    rows = list(Matter.objects.all())
    for name, actor in people(town):
        allowed = {matter.number for matter in rows if may(actor, "view", matter)}
        listed = queries.page(visible_to=actor, filters=Filters(), at=AT, limit=200).rows
        newest = queries.page(visible_to=actor, filters=Filters(), at=AT, order="newest", limit=200).rows
        found = queries.search(visible_to=actor, text="路灯", limit=200)
        points = queries.clusters(visible_to=actor, box=BOX, zoom=18, at=AT)
        for said in (listed, newest, found, points, visible(Matter.objects.all(), actor)):
            assert {one.number for one in said} == allowed, name
        opened = set()
        for matter in rows:
            try:
                queries.case(visible_to=actor, number=matter.number, at=AT)
                opened.add(matter.number)
            except NotFound:
                pass
        assert opened == allowed, name


def test_a_queue_never_shows_more_than_the_object_and_its_count_is_its_length(town):
    various(town)
    at = AT + timedelta(hours=3)
    for name, actor in people(town):
        counts = {count.code: count for count in queries.counts(visible_to=actor, at=at)}
        assert set(counts) == {code for code, queue in QUEUES.items() if queue.is_for(actor)}
        for code, count in counts.items():
            rows = queries.page(visible_to=actor, filters=Filters(queue=code), at=at, limit=200).rows
            assert len(rows) == count.count, (name, code)
            assert sum(row.overdue(at) for row in rows) == count.late
            assert all(may(actor, "view", Matter.objects.get(id=row.id)) for row in rows)


def test_clusters_count_what_the_reader_may_see(town):
    various(town, 30, complaints=False)
    for fold in (False, True):
        if fold:
            map.fold()
        for name in (
            "dispatcher",
            "east_dispatcher",
            "west_dispatcher",
            "grid_worker",
            "stranger",
            "reporter",
        ):
            expected = sum(
                may(town[name], "view", matter)
                for matter in Matter.objects.filter(confidential=False)
                if name != "reporter"
            )
            for zoom in (9, 12, 14):
                seen = queries.clusters(visible_to=town[name], box=BOX, zoom=zoom, at=AT)
                # changes of lead in `various` bypass the actions, so organisations are counted by what was opened
                if name != "stranger":
                    assert sum(cluster.count for cluster in seen) == expected, (name, zoom, fold)


@pytest.mark.parametrize("order", ["due", "newest"])
def test_pages_follow_each_other_without_gap_or_repeat(town, order):
    numbers = [one.number for one in town.open_several(7)]
    town.later(minutes=5)
    numbers += [one.number for one in town.open_several(8)]
    Matter.objects.filter(number__in=numbers[:4]).update(due_at=None)
    whole = queries.page(visible_to=town["dispatcher"], filters=Filters(), at=AT, order=order, limit=100)
    seen, after = [], ""
    while True:
        part = queries.page(
            visible_to=town["dispatcher"], filters=Filters(), at=AT, order=order, after=after, limit=4
        )
        seen += [row.number for row in part.rows]
        after = part.next
        if not after:
            break
    assert seen == [row.number for row in whole.rows]
    assert set(seen) == set(numbers)


@pytest.mark.parametrize("bad", ["x", "eyJ9", "W10", "a" * 1000, "WyJkdWUiLCAxLCAyXQ", "\x00"])
def test_a_cursor_we_did_not_give_out_is_refused(town, bad):
    with pytest.raises(Invalid):
        queries.page(visible_to=town["dispatcher"], filters=Filters(), at=AT, after=bad)


def test_filters_hold_together(town):
    lamp, rubbish = town.open().number, town.open(category="rubbish", channel="phone").number
    town.do(lamp, "accept", "dispatcher")

    def numbers(**filters):
        page = queries.page(visible_to=town["dispatcher"], filters=Filters(**filters), at=town.clock)
        return {row.number for row in page.rows}

    assert numbers(category="rubbish") == numbers(channel="phone") == numbers(state="reported") == {rubbish}
    assert numbers(state="accepted", category="rubbish") == set()
    assert numbers(area=EAST) == {lamp, rubbish}
    assert numbers(area=WEST) == numbers(overdue=True) == numbers(open=False) == set()
    assert numbers(opened_from=AT, opened_until=AT + timedelta(hours=1), open=True) == {lamp, rubbish}
    assert numbers(queue="to_dispatch") == {lamp}
    with pytest.raises(Invalid):
        numbers(queue="everything")


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("路灯", True), ("路灯 小区", True), ("灯坏", True), ("门口的路灯坏", True), ("麓谷大道", True),
        ("LED-3000", True), ("led-30", True), ("下水道", False), ("路灯 下水道", False), ("'; DROP", False),
        ("%", False), ("100%", False), ("路_坏", False), ("", False), ("\\", False), ("& | !", False),
    ],
)  # fmt: skip
def test_chinese_is_found_by_words_and_by_pieces(town, indexed, text, found):
    number = town.open(title="路灯坏了", text="麓谷小区门口的路灯坏了，型号 LED-3000。").number
    if indexed:
        assert searching.index_words() == 1
    assert [row.number for row in queries.search(visible_to=town["dispatcher"], text=text)] == (
        [number] if found else []
    )


def test_a_number_finds_its_matter_for_who_may_see_it(town):
    number = town.open().number
    typed = f"{number[:5]}-{number[5:]}".lower()
    assert [row.number for row in queries.search(visible_to=town["dispatcher"], text=typed)] == [number]
    assert queries.search(visible_to=town["west_dispatcher"], text=typed) == []


@pytest.mark.parametrize("walks", [(4,), (2, 5), (2, 3)])
def test_common_words_are_met_while_walking(town, monkeypatch, walks):
    from gongzhi.matters.queries import words

    town.open_several(10)
    searching.index_words()
    monkeypatch.setattr(words, "CANDIDATES_MAX", 3)
    monkeypatch.setattr(words, "WALKS", walks)
    assert len(queries.search(visible_to=town["dispatcher"], text="路灯", limit=4)) == 4
    assert queries.search(visible_to=town["stranger"], text="路灯") == []


def test_exports_need_a_role(town):
    with pytest.raises(NotAllowed):
        queries.export(visible_to=town["handler"], filters=Filters(), at=AT)


def test_the_reporter_reads_their_case_without_the_offices_inside(town):
    number = town.open().number
    town.road(number, until="calling_back")
    town.do(number, "note", "dispatcher", text="内部：此人多次来电")
    town.do(number, "message", "handler", text="明天上午到现场")
    view = queries.case(visible_to=town["reporter"], number=number, at=town.clock)

    said = repr(view)
    assert "内部" not in said
    assert "明天上午到现场" in said
    assert "已更换灯具" in said
    assert str(town["handler"].id) not in said
    assert view.as_reporter
    assert {clock.code for clock in view.clocks} == {"handling"}
    assert {offer.code for offer in view.offers} == {"appraise", "message"}


def test_the_desk_reads_clocks_explained_facts_route_and_offers(town):
    number = town.open().number
    town.road(number, until="accepted")
    view = queries.case(visible_to=town["dispatcher"], number=number, at=town.clock)

    assert {offer.code for offer in view.offers} == {
        *("locate", "dispatch", "divert", "merge", "split", "link", "message", "note", "name_accused"),
        *("whistle_emergency", "urge"),
    }
    [dispatch] = [offer for offer in view.offers if offer.code == "dispatch"]
    assert dispatch.defaults["organisation"] == str(town.organisations["bureau"].id)
    assert view.route.state == "led"
    assert all(clock.explained for clock in view.clocks)
    assert [fact.kind for fact in view.facts] == ["routing", "acceptance"]
    assert [one.act.verb for one in view.timeline] == ["matters.accept", "matters.open"]
    assert view.etag == '"2"'


def test_an_anonymous_reporter_stays_unknown_to_the_desk(town):
    number = town.open(anonymous=True).number
    view = queries.case(visible_to=town["dispatcher"], number=number, at=AT)
    assert (view.reporter_id, view.reporter_name, view.reporter_contacts) == (None, "", ())


def test_an_auditor_reads_that_it_was_done_but_not_what_was_said(town):
    number = town.open().number
    town.do(number, "accept", "dispatcher", note="意见在此")
    acts = queries.trail(visible_to=town["auditor"], number=number)
    assert [act.verb for act in acts] == ["matters.accept", "matters.open"]
    assert "意见在此" not in repr(acts)
    for name in ("auditor", "stranger"):
        with pytest.raises(NotFound):
            queries.case(visible_to=town[name], number=number, at=AT)
    with pytest.raises(NotFound):
        queries.trail(visible_to=town["west_dispatcher"], number=number)


def test_offers_are_exactly_what_would_be_done(town):
    number = town.open().number
    town.road(number, until="handling")
    for name in [*CAST, *MEMBERS, "reporter"]:
        try:
            view = queries.case(visible_to=town[name], number=number, at=town.clock)
        except NotFound:
            continue
        for offer in view.offers:
            if offer.code in ("answer",):
                continue
            assert offer.form == town.procedure.verb(offer.code).form
    assert form(town, "note")
