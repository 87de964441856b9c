import uuid
from datetime import datetime, timedelta

import pytest

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from gongzhi.parties import rules
from gongzhi.parties.models import Person, Unmasking
from gongzhi.parties.tests.conftest import actor
from gongzhi.parties.unmasking import reveal


def test_clear_text_has_a_purpose_and_leaves_a_row_and_an_act(
    person: Person, desk: Actor, at: datetime
) -> None:
    clear = reveal(person_id=person.id, purpose="contact", reason="首次联系", by=desk, at=at)
    assert (clear.name, clear.contacts) == ("欧阳娜娜", (("phone", "13800138000"),))
    assert "13800138000" not in repr(clear)
    assert Unmasking.objects.get().values == 2
    assert Act.objects.filter(verb="parties.unmask", subject_id=str(person.id)).count() == 1


def test_owner_desk_and_stranger(person: Person, desk: Actor, at: datetime) -> None:
    owner, stranger = actor("resident", party=person.id), actor("resident", party=uuid.uuid4())
    assert reveal(person_id=person.id, purpose="", by=owner, at=at).name == "欧阳娜娜"
    assert reveal(person_id=person.id, purpose="verify", by=desk, at=at).name == "欧阳娜娜"
    with pytest.raises(NotAllowed):
        reveal(person_id=person.id, purpose="contact", by=stranger, at=at)
    with pytest.raises(NotSignedIn):
        reveal(person_id=person.id, purpose="contact", by=ANONYMOUS, at=at)
    with pytest.raises(NotAllowed):  # administrators run the system; they do not read people's numbers
        reveal(person_id=person.id, purpose="contact", by=actor("system_admin"), at=at)


def test_without_a_purpose_nothing_is_shown(person: Person, desk: Actor, at: datetime) -> None:
    for purpose in ("", "curiosity", "own"):
        with pytest.raises(Invalid):
            reveal(person_id=person.id, purpose=purpose, by=desk, at=at)
    assert not Unmasking.objects.exists()


@pytest.mark.django_db
def test_an_unknown_person_is_not_found(desk: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        reveal(person_id=uuid.uuid4(), purpose="contact", by=desk, at=at)


def test_reading_in_bulk_is_stopped_for_the_hour(person: Person, desk: Actor, at: datetime) -> None:
    for n in range(rules.UNMASKED_HOURLY_MAX // 2):
        reveal(person_id=person.id, purpose="contact", by=desk, at=at + timedelta(seconds=n))
    with pytest.raises(TooMany):
        reveal(person_id=person.id, purpose="contact", by=desk, at=at + timedelta(minutes=2))
    assert reveal(person_id=person.id, purpose="contact", by=desk, at=at + timedelta(minutes=62)).name
