import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.acts.models import Act
from gongzhi.installation import keys
from gongzhi.installation.home import home
from gongzhi.kernel.refusals import NotAllowed
from gongzhi.parties import actions, queries, rotation
from gongzhi.parties.bulk import NewPerson, find_or_register_many
from gongzhi.parties.models import ContactPoint, Person
from gongzhi.parties.tests.conftest import actor
from gongzhi.parties.unmasking import reveal


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A keys folder of this test's own: rotating must not touch the database's passwords."""
    shutil.copytree(home().keys, tmp_path / "keys")
    monkeypatch.setenv("GONGZHI_HOME", str(tmp_path))
    keys.forget()
    yield
    monkeypatch.undo()
    keys.forget()


def test_rows_under_old_keys_are_found_read_and_moved(
    own_keys: None, person: Person, desk: Actor, at: datetime
) -> None:
    keys.rotate("contact")
    keys.rotate("index")
    assert [p.id for p in queries.people_with(kind="phone", value="13800138000", visible_to=desk)] == [
        person.id
    ]
    assert rotation.remaining() == 2
    moved = rotation.rotate(by=SYSTEM, at=at, batch=1)
    assert (moved.names, moved.contacts) == (1, 1)
    assert rotation.remaining() == 0
    assert Act.objects.filter(verb="parties.rotate_keys").count() == 1
    ring = keys.keyring()
    point = ContactPoint.objects.get()
    assert (point.value_key_id, point.index_key_id) == (ring.current("contact").id, ring.current("index").id)
    assert reveal(person_id=person.id, purpose="contact", by=desk, at=at).contacts == (
        ("phone", "13800138000"),
    )
    assert rotation.rotate(by=SYSTEM, at=at) == rotation.Rotated(0, 0)


def test_an_interrupted_rotation_goes_on_where_it_stopped(
    own_keys: None, db: None, desk: Actor, at: datetime
) -> None:
    for n in range(5):
        actions.register_person(name="张三", contacts=[("phone", f"1380013800{n}")], by=desk, at=at)
    keys.rotate("contact")

    def interrupt(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(by=SYSTEM, at=at, batch=2, progress=interrupt)
    assert rotation.remaining() == 6
    assert rotation.rotate(by=SYSTEM, at=at, batch=2) == rotation.Rotated(3, 3)


def test_a_number_registered_before_the_rotation_is_not_registered_twice(
    own_keys: None, db: None, at: datetime
) -> None:
    from django.db import transaction

    with transaction.atomic():
        (first,) = find_or_register_many([NewPerson.of(phone="13900139000")], by=SYSTEM, at=at)
        keys.rotate("index")
        assert find_or_register_many([NewPerson.of(phone="13900139000")], by=SYSTEM, at=at) == [first]


@pytest.mark.django_db
def test_only_the_security_administrator_rotates(at: datetime) -> None:
    with pytest.raises(NotAllowed):
        rotation.rotate(by=actor("system_admin"), at=at)
    rotation.rotate(by=actor("security_admin"), at=at)
