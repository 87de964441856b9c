"""Who may open a file: asked at each download, of the room that owns the subject."""

import io

import pytest

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.acts import queries as acts
from gongzhi.acts.drafts import Subject
from gongzhi.files import actions, queries, sight
from gongzhi.files.tests import samples
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import NotFound

AT = clock.now()
OWNER, COLLEAGUE, STRANGER = (Actor(kind="account", id=ids.uuid7(AT)) for _ in range(3))
COLLEAGUE = Actor(kind="account", id=COLLEAGUE.id, held=(Held("handler"),))


@pytest.fixture
def subject(monkeypatch):
    """A thing whose reporter is OWNER and whose handlers see everything."""
    monkeypatch.setattr(sight, "_sights", {})

    def answer(*, actor, subject_id):
        if actor.has_role("handler"):
            return "internal"
        return "public" if actor.id == OWNER.id else "none"

    sight.register("files_tests.thing", answer)
    return Subject("files_tests.thing", ids.uuid7(AT))


def kept(visibility="public", by=OWNER, subject=None, **more):
    file = actions.keep(
        stream=io.BytesIO(samples.image()), name="x", purpose="report", visibility=visibility, by=by, at=AT
    )
    if subject:
        actions.attach(file_ids=[file.id], subject=subject, by=by, at=AT, **more)
    return file


def opens(actor, file, **more):
    try:
        queries.open_for(actor, file.id, **more).stream.close()
    except NotFound:
        return False
    return True


def test_a_public_file_is_opened_by_reporter_and_handler_and_by_no_stranger(db, subject):
    file = kept("public", subject=subject)
    assert [opens(a, file) for a in (OWNER, COLLEAGUE, STRANGER, ANONYMOUS, SYSTEM)] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_an_internal_file_is_opened_by_handlers_only(db, subject):
    file = kept("internal", subject=subject, by=COLLEAGUE)
    assert [opens(a, file) for a in (OWNER, COLLEAGUE, STRANGER, ANONYMOUS)] == [False, True, False, False]
    assert [opens(a, file, thumbnail=True) for a in (OWNER, COLLEAGUE)] == [False, True]


def test_before_it_is_attached_only_its_uploader_opens_a_file(db, subject):
    file = kept()
    assert [opens(a, file) for a in (OWNER, COLLEAGUE, STRANGER, ANONYMOUS)] == [True, False, False, False]
    assert not opens(ANONYMOUS, kept(by=ANONYMOUS))


def test_a_link_is_dead_after_loss_of_role(db, subject):
    file = kept("internal", subject=subject, by=COLLEAGUE)
    without_role = Actor(kind="account", id=COLLEAGUE.id)
    assert opens(COLLEAGUE, file)
    assert not opens(without_role, file)


def test_nobody_answers_for_an_unknown_kind(db, subject):
    file = kept(subject=Subject("files_tests.unknown", "1"))
    assert not opens(OWNER, file)


def test_an_ended_file_opens_for_nobody_and_its_bytes_stay(db, subject):
    file = kept(subject=subject)
    actions.end(file_id=file.id, reason="wrong_photo", by=SYSTEM, at=AT)
    assert not opens(COLLEAGUE, file)
    assert queries.of_subject(visible_to=COLLEAGUE, subject_kind=subject.kind, subject_id=subject.id) == []


def test_a_changed_visibility_counts_at_once(db, subject):
    file = kept("public", subject=subject)
    actions.show(file_id=file.id, visibility="internal", by=SYSTEM, at=AT)
    assert not opens(OWNER, file)


def test_only_images_are_shown_in_a_page(db, subject):
    picture = queries.open_for(OWNER, kept().id)
    document = actions.keep(stream=io.BytesIO(samples.pdf()), name="x", purpose="report", by=OWNER, at=AT)
    download = queries.open_for(OWNER, document.id)
    assert (picture.inline, download.inline) == (True, False)
    picture.stream.close()
    download.stream.close()


def test_somebody_elses_file_cannot_be_attached(db, subject):
    file = kept(by=OWNER)
    for actor in (STRANGER, ANONYMOUS):
        with pytest.raises(NotFound):
            actions.attach(file_ids=[file.id], subject=subject, by=actor, at=AT)


def test_an_anonymous_file_is_attached_once(db, subject):
    file = kept(by=ANONYMOUS, subject=subject)
    with pytest.raises(NotFound):
        actions.attach(file_ids=[file.id], subject=Subject(subject.kind, "other"), by=ANONYMOUS, at=AT)


def test_attaching_twice_adds_nothing_and_the_hash_stands_in_the_subjects_timeline(db, subject):
    file = kept(subject=subject)
    assert actions.attach(file_ids=[file.id, file.id], subject=subject, by=OWNER, at=AT) == []
    (entry,) = acts.timeline(subject.kind, subject.id)
    assert entry.payload == {"file_id": str(file.id), "sha256": file.sha256}


def test_a_detached_file_is_gone_from_its_subject(db, subject):
    file = kept(subject=subject)
    actions.detach(file_id=file.id, subject=subject, reason="wrong", by=OWNER, at=AT)
    assert queries.count_attached(subject_kind=subject.kind, subject_id=subject.id) == 0
    with pytest.raises(NotFound):
        actions.detach(file_id=file.id, subject=subject, reason="wrong", by=OWNER, at=AT)


def test_nobody_but_the_uploader_ends_a_loose_file(db, subject):
    file = kept(by=OWNER)
    for actor in (STRANGER, COLLEAGUE, ANONYMOUS):
        with pytest.raises(NotFound):
            actions.end(file_id=file.id, reason="x", by=actor, at=AT)
    actions.end(file_id=file.id, reason="mistake", by=OWNER, at=AT)


@pytest.mark.parametrize("count", [5, 50])
def test_a_subjects_files_are_listed_with_one_query(db, subject, count, django_assert_num_queries):
    file = kept(subject=subject)
    rows = [type(file)(**{**_columns(file), "id": ids.uuid7(AT)}) for _ in range(count - 1)]
    type(file).objects.bulk_create(rows)
    actions.attach(file_ids=[row.id for row in rows], subject=subject, by=OWNER, at=AT)
    with django_assert_num_queries(1):
        found = queries.of_subject(visible_to=OWNER, subject_kind=subject.kind, subject_id=subject.id)
    assert len(found) == count


def _columns(file):
    return {f.attname: getattr(file, f.attname) for f in file._meta.concrete_fields}
