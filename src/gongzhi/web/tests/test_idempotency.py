"""One key, one effect, one answer."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from gongzhi.kernel.refusals import Conflict, Invalid
from gongzhi.web.idempotency import Answer, answer_once, fingerprint, forget
from gongzhi.web.models import IdempotentRequest, RateBucket

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _once(work: object, *, key: str = "k", body: bytes = b"{}") -> Answer:
    return answer_once(actor="account:1", key=key, print_=fingerprint(b"POST", b"/x", body), at=AT, work=work)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_repeated_request_gets_the_stored_answer() -> None:
    ran = []

    def work() -> Answer:
        ran.append(1)
        return Answer(201, b"made", {"Location": "/x/1"})

    first, second = _once(work), _once(work)
    assert ran == [1]
    assert (second.status, second.body, second.headers) == (first.status, first.body, first.headers)
    assert second.repeated


@pytest.mark.django_db
def test_another_payload_under_the_same_key_is_refused() -> None:
    _once(lambda: Answer(201))
    with pytest.raises(Invalid, match="key_reused"):
        _once(lambda: Answer(201), body=b"other")


@pytest.mark.django_db
def test_a_refused_request_may_be_corrected_under_its_key() -> None:
    def refuse() -> Answer:
        raise Conflict("x.y", "不行")

    with pytest.raises(Conflict):
        _once(refuse)
    assert _once(lambda: Answer(201)).status == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 129, "a\nb"])
def test_strange_keys_are_refused(key: str) -> None:
    with pytest.raises(Invalid):
        _once(lambda: Answer(201), key=key)


@pytest.mark.django_db
def test_old_answers_are_forgotten() -> None:
    _once(lambda: Answer(201))
    assert forget(before=datetime(2026, 3, 5, tzinfo=UTC)) == 1
    assert not IdempotentRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_equal_requests_at_once_have_one_effect_and_equal_answers() -> None:
    answers: list[Answer] = []
    start = threading.Barrier(10)

    def work() -> Answer:
        RateBucket.objects.create(key=f"effect-{threading.get_ident()}", tokens=0, at=AT)
        return Answer(201, b"made")

    def run() -> None:
        start.wait()
        for _ in range(5):
            answers.append(_once(work, key="race"))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RateBucket.objects.filter(key__startswith="effect-").count() == 1
    assert len(answers) == 50
    assert {(answer.status, answer.body) for answer in answers} == {(201, b"made")}
