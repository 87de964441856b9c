import threading
import time
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Invalid
from gongzhi.parties import actions
from gongzhi.parties.bulk import NewPerson, find_or_register_many
from gongzhi.parties.models import ContactPoint, Person
from gongzhi.parties.unmasking import reveal


@transaction.atomic
def register(people: list[NewPerson], at: datetime) -> list[object]:
    return list(find_or_register_many(people, by=SYSTEM, at=at))


@pytest.mark.django_db
def test_equal_numbers_are_one_person_and_no_number_is_always_somebody_new(at: datetime) -> None:
    people = [
        NewPerson.of(phone="138 0013 8000", name="张三"),
        NewPerson.of(name="无名氏"),
        NewPerson.of(phone="+8613800138000", name="张三丰"),
        NewPerson.of(),
    ]
    first, second, third, fourth = register(people, at)
    assert first == third
    assert len({first, second, fourth}) == 3
    assert Person.objects.get(id=first).name_masked == "张*"
    assert Act.objects.filter(verb="parties.register_person").count() == 3
    assert register(people[:1], at) == [first]
    assert Person.objects.count() == 3


@pytest.mark.django_db
def test_what_was_registered_in_bulk_opens_again(at: datetime, desk: Actor) -> None:
    (person_id,) = register([NewPerson.of(phone="13800138000", name="欧阳娜娜")], at)
    clear = reveal(person_id=person_id, purpose="contact", by=desk, at=at)  # type: ignore[arg-type]
    assert (clear.name, clear.contacts) == ("欧阳娜娜", (("phone", "13800138000"),))


@pytest.mark.django_db
def test_somebody_known_by_a_number_that_leads_is_found(at: datetime, desk: Actor) -> None:
    person = actions.register_person(name="张三", by=desk, at=at)
    actions.add_contact(kind="phone", value="13800138000", person_id=person.id, by=desk, at=at)
    assert register([NewPerson.of(phone="13800138000", name="别名")], at) == [person.id]


def test_a_bad_number_is_refused_before_any_batch() -> None:
    with pytest.raises(Invalid):
        NewPerson.of(phone="not a number")


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_batch(at: datetime) -> None:
    counts = []
    for size in (20, 200):
        with CaptureQueriesContext(connection) as asked:
            register([NewPerson.of(phone=f"137{size:04}{n:04}", name="张三") for n in range(size)], at)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_simultaneous_reports_from_one_number_meet_one_person(at: datetime) -> None:
    barrier, results = threading.Barrier(8), []

    def report(n: int) -> None:
        numbers = [f"1360013{(n * 7 + i) % 40:04}" for i in range(40)]
        try:
            barrier.wait(10)
            results.append(
                dict(zip(numbers, register([NewPerson.of(phone=p) for p in numbers], at), strict=True))
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == 8
    assert all(result == results[0] for result in results)
    assert Person.objects.count() == ContactPoint.objects.count() == 40


@pytest.mark.django_db
def test_registering_in_bulk_keeps_up_with_intake(at: datetime) -> None:
    people = [NewPerson.of(phone=f"1350{n:07}", name="张三") for n in range(3000)]
    started = time.process_time()
    register(people, at)
    assert len(people) / (time.process_time() - started) > 3000  # our share; the database's is in tests/load
