"""A stream ends when its listener has signed out, was disabled, or lost a role."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.kernel import clock
from gongzhi.lane import checking, live
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Session = Any


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RECHECK_SECONDS", 0.05)


@pytest.fixture
def account() -> Account:
    made = parties.create_account(username="li.qiang", password=None, by=SYSTEM, at=AT)
    grants.give(account_id=made.id, role="dispatcher", area_path="", organisation_id=None, by=SYSTEM, at=AT)
    return made


@pytest.fixture
def session(account: Account) -> Session:
    made = import_module(settings.SESSION_ENGINE).SessionStore()
    made[SESSION_KEY] = str(account.pk)
    made[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = account.get_session_auth_hash()
    made.create()
    return made


def listen(session: Session, ending: Callable[[], object]) -> list[MutableMapping[str, Any]]:
    """What a listener is sent until the stream ends by itself, after `ending` happened."""
    sent: list[MutableMapping[str, Any]] = []

    async def run() -> None:
        forever = asyncio.Event()

        async def receive() -> MutableMapping[str, Any]:
            await forever.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode()
        scope = {"type": "http", "method": "GET", "path": "/live/stream", "headers": [(b"cookie", cookie)]}
        streaming: Awaitable[None] = asyncio.ensure_future(live.Streams()(scope, receive, send))
        await asyncio.sleep(0.3)
        assert sent[0]["status"] == 200
        assert not any(b"event: end" in message.get("body", b"") for message in sent)
        await asyncio.to_thread(ending)
        await asyncio.wait_for(streaming, 10)

    asyncio.run(run())
    return sent


def ended(sent: list[MutableMapping[str, Any]]) -> bool:
    return b"event: end" in sent[-1]["body"]


def test_signing_out_ends_it(session: Session) -> None:
    assert ended(listen(session, session.flush))


def test_a_disabled_account_hears_nothing_more(session: Session, account: Account) -> None:
    def disable() -> None:
        Account.objects.filter(pk=account.pk).update(disabled_at=clock.now())

    assert ended(listen(session, disable))


def test_a_role_given_or_taken_makes_the_client_come_again(session: Session, account: Account) -> None:
    def more() -> None:
        grants.give(
            account_id=account.id,
            role="quality",
            area_path="",
            organisation_id=None,
            by=SYSTEM,
            at=clock.now(),
        )

    assert ended(listen(session, more))
