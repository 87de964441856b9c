"""Same key, same answer, one effect: for the API's Idempotency-Key and for forms sent twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from psycopg import errors as postgres

from gongzhi.kernel.refusals import Conflict, Invalid
from gongzhi.web.models import IdempotentRequest

KEPT_HOURS = 48
_KEY_LETTERS_MAX = 128
_WAIT_MS = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response as it is kept and repeated."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    repeated: bool = False


def fingerprint(*parts: bytes) -> bytes:
    """Of method, path and body: the same key with other content is a mistake of the caller."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def answer_once(*, actor: str, key: str, print_: bytes, at: datetime, work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, run at most once per (actor, key); its effect and its answer commit together.

    Equal requests in flight wait for the first (five seconds, then Conflict 409). Another payload under the same key is
    Invalid 422. When `work` refuses, nothing is kept: a corrected request may use the key again.
    """
    if not key or len(key) > _KEY_LETTERS_MAX or not key.isprintable():
        raise Invalid("web.bad_key", "Idempotency-Key 应为 1 到 128 个可见字符。", field="Idempotency-Key")
    with transaction.atomic():
        row_id = _claim(actor, key, print_, at)
        if row_id is not None:
            answer = work()
            IdempotentRequest.objects.filter(pk=row_id).update(
                state="done", status=answer.status, headers=answer.headers, body=answer.body
            )
            return answer
        row = IdempotentRequest.objects.get(actor=actor, key=key)
        if bytes(row.fingerprint) != print_:
            raise Invalid(
                "web.key_reused",
                "这个 Idempotency-Key 已用于另一份内容，请换一个新的。",
                field="Idempotency-Key",
            )
        if row.state != "done":
            raise _in_flight()
        return Answer(row.status, bytes(row.body), dict(row.headers), repeated=True)


def answered(*, actor: str, key: str) -> Answer | None:
    """What was answered under this key before, if it was."""
    row = IdempotentRequest.objects.filter(actor=actor, key=key[:_KEY_LETTERS_MAX], state="done").first()
    return Answer(row.status, bytes(row.body), dict(row.headers), repeated=True) if row else None


def _claim(actor: str, key: str, print_: bytes, at: datetime) -> int | None:
    """Insert or find: an equal request in flight makes this wait until it commits or rolls back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_WAIT_MS}ms"])
            cursor.execute(
                """INSERT INTO web_idempotentrequest (actor, key, fingerprint, state, status, headers, body, at)
                   VALUES (%s, %s, %s, 'running', 0, '{}', '', %s)
                   ON CONFLICT (actor, key) DO NOTHING RETURNING id""",
                [actor, key, print_, at],
            )
            row = cursor.fetchone()
            return int(row[0]) if row else None
    except OperationalError as error:
        if isinstance(error.__cause__, postgres.LockNotAvailable):
            raise _in_flight() from error
        raise


def _in_flight() -> Conflict:
    return Conflict("web.in_flight", "同一请求正在处理，请稍候再查结果。")


def forget(*, before: datetime) -> int:
    """Delete answers older than the promise; returns how many."""
    return IdempotentRequest.objects.filter(at__lt=before - timedelta(hours=KEPT_HOURS)).delete()[0]
