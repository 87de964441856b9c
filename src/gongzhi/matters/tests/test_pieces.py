"""One report that is several matters, and matters that belong beside each other."""

from io import BytesIO

import pytest
from PIL import Image

from gongzhi.acts.drafts import Subject
from gongzhi.acts.reacting import settle
from gongzhi.files.actions import attach, keep
from gongzhi.files.models import File
from gongzhi.files.queries import may_open
from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from gongzhi.matters import queries
from gongzhi.matters.models import Acceptance, ClockRun, Link, Matter, Split
from gongzhi.matters.tests.scenes import WHO, form, ready_for
from gongzhi.notices.models import Notice


def do(town, number, verb, **given):
    return town.do(number, verb, WHO[verb], **{**form(town, verb), **given})


def split(town, **given):
    number = ready_for(town, "split")
    town.later(days=1)
    do(town, number, "split", **given)
    return number, Split.objects.get(matter__number=number).into


def relations(town, who, number):
    return {
        (one.relation, one.number)
        for one in queries.case(visible_to=town[who], number=number, at=town.clock).kin
    }


def test_the_persons_clock_of_a_piece_counts_from_the_first_acceptance(town):
    number, piece = split(town)
    whole = ClockRun.objects.get(matter__number=number, code="handling")
    [own] = ClockRun.objects.filter(matter=piece)
    assert (own.code, own.started_at, own.promised) == ("handling", whole.started_at, True)
    assert piece.due_at == own.due_at
    town.do(piece.number, "dispatch", "dispatcher", organisation="third", reason="环卫")
    [own] = ClockRun.objects.filter(matter=piece, code="handling")
    assert own.started_at == whole.started_at


def test_a_piece_goes_its_own_way_with_the_reporter_and_protection_of_the_whole(town):
    number = ready_for(town, "split")
    Matter.objects.filter(number=number).update(confidential=True)
    do(town, number, "split")
    whole, piece = town.matter(number), Split.objects.get().into
    assert (piece.state, piece.category.code, piece.lead_id) == ("accepted", "rubbish", None)
    assert (piece.reporter_id, piece.area_path, piece.confidential) == (
        whole.reporter_id,
        whole.area_path,
        True,
    )
    assert whole.state == "handling"
    assert Acceptance.objects.filter(matter=piece).exists()
    do(town, number, "withdraw")
    assert town.matter(piece.number).closed_at is None


def test_a_piece_shows_the_photos_of_the_report_to_whoever_may_see_it_and_nobody_elses(town):
    number = ready_for(town, "split")
    subject = Subject("matters.matter", town.matter(number).id)
    photo = kept(town, "report.jpg", "report", "reporter")
    inside = kept(town, "note.jpg", "evidence", "dispatcher")
    attach(file_ids=[photo.id], subject=subject, by=town["reporter"], at=town.clock)
    attach(file_ids=[inside.id], subject=subject, by=town["dispatcher"], at=town.clock)
    do(town, number, "split")
    piece = Split.objects.get(matter__number=number).into
    town.do(piece.number, "dispatch", "dispatcher", organisation="third", reason="环卫")
    for who in ("dispatcher", "reporter"):
        view = queries.case(visible_to=town[who], number=piece.number, at=town.clock)
        assert [file.id for file in view.files] == [photo.id]
    assert File.objects.filter(sha256=photo.sha256).count() == 1
    assert may_open(town["helper"], photo)
    assert not may_open(town["helper"], inside)
    assert not may_open(town["stranger"], photo)


def kept(town, name, purpose, who):
    stream = BytesIO()
    Image.new("RGB", (8, 8), (len(name), 1, 1)).save(stream, "JPEG")
    stream.seek(0)
    visibility = "public" if purpose == "report" else "internal"
    return keep(stream=stream, name=name, purpose=purpose, visibility=visibility, by=town[who], at=town.clock)


def test_whole_and_pieces_are_shown_to_whom_the_policy_lets_see_them(town):
    number, piece = split(town)
    assert relations(town, "dispatcher", number) == {("piece", piece.number)}
    assert relations(town, "dispatcher", piece.number) == {("whole", number)}
    assert relations(town, "reporter", number) == {("piece", piece.number)}
    assert relations(town, "handler", number) == set()  # the piece is not the bureau's
    with pytest.raises(NotFound):
        queries.case(visible_to=town["neighbour"], number=piece.number, at=town.clock)


def test_who_follows_by_a_code_reads_the_pieces_too(town):
    number, piece = split(town)
    from gongzhi.matters import codes

    reader = queries.follow(number=number, code=codes.follow_code(town.matter(number).id))
    view = queries.case(visible_to=reader, number=number, at=town.clock)
    assert [one.number for one in view.kin] == [piece.number]


def test_the_reporter_is_told_under_both_numbers(town):
    number, piece = split(town)
    settle()
    words = town.procedure.verb("split").tells.zh
    bodies = Notice.objects.filter(person_id=town["reporter"].party_id, channel="shown", body__contains=words)
    said = "".join(bodies.values_list("body", flat=True))
    assert number in said
    assert piece.number in said


def test_only_the_desk_splits_and_every_piece_once(town):
    number = ready_for(town, "split")
    for who, refusal in (("reporter", NotAllowed), ("stranger", NotFound), ("handler", NotAllowed)):
        with pytest.raises(refusal):
            town.do(number, "split", who, **form(town, "split"))
    do(town, number, "split")
    do(town, number, "split", title="还有一件")
    assert Split.objects.filter(matter__number=number).count() == 2


def test_the_same_persons_earlier_matter_is_linked_at_acceptance_and_shown_both_ways(town):
    first = town.open().number
    town.later(days=30)
    second = town.open().number
    do(town, second, "accept")
    assert relations(town, "dispatcher", second) == {("repeat", first)}
    assert relations(town, "dispatcher", first) == {("repeated", second)}
    assert relations(town, "reporter", second) == set()


@pytest.mark.parametrize("difference", ["person", "anonymous", "category", "old"])
def test_others_are_not_linked(town, difference):
    given = {"person": {"reporter": town["neighbour"].party_id}, "anonymous": {"anonymous": True}}
    town.open(**given.get(difference, {"category": "rubbish"} if difference == "category" else {}))
    town.later(days=200 if difference == "old" else 1)
    do(town, town.open().number, "accept")
    assert not Link.objects.exists()


def test_repetition_changes_neither_priority_nor_deadline_nor_place_in_the_inbox(town):
    town.open()
    town.later(days=1)
    again = town.open(urgency="urgent").number
    other = town.open(urgency="urgent", reporter=town["neighbour"].party_id).number
    at = town.clock
    for number in (again, other):
        town.clock = at
        do(town, number, "accept")
    one, two = town.matter(again), town.matter(other)
    assert Link.objects.get().matter == one
    assert (one.urgency, one.due_at, one.state) == (two.urgency, two.due_at, two.state)


def test_a_repeat_is_the_same_named_persons(town):
    mine, theirs = town.open().number, town.open(reporter=town["neighbour"].party_id).number
    hidden = town.open(anonymous=True).number
    for other in (theirs, hidden):
        with pytest.raises(Refusal) as refused:
            town.do(mine, "link", "dispatcher", other=other, relation="repeat")
        assert refused.value.code == "matters.not_the_same_person"
    town.do(mine, "link", "dispatcher", other=theirs, relation="related")
    with pytest.raises(Refusal) as refused:
        town.do(mine, "link", "dispatcher", other=theirs, relation="related")
    assert refused.value.code == "matters.linked_already"
    town.do(mine, "unlink", "dispatcher", other=theirs)
    with pytest.raises(Conflict):
        town.do(mine, "unlink", "dispatcher", other=theirs)
    with pytest.raises(Refusal):
        town.do(mine, "link", "dispatcher", other=mine, relation="related")
