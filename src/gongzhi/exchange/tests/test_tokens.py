"""Keys for programs: owner, colleague, stranger; ended, expired, disabled."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.access.actor import SYSTEM, Actor, Held
from gongzhi.exchange.models import AccessToken
from gongzhi.exchange.token_actions import end_token, issue_token
from gongzhi.exchange.token_queries import actor_behind, tokens_of
from gongzhi.grants.actions import give
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotSignedIn
from gongzhi.parties.actions import create_account, disable_account
from gongzhi.parties.models import Account

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
SECURITY = Actor(kind="account", held=(Held("security_admin"),))


@pytest.fixture
def integrator() -> Account:
    account = create_account(username="integrator-1", by=SYSTEM, at=AT)
    give(account_id=account.id, role="integrator", by=SYSTEM, at=AT)
    return account


def actor(account: Account) -> Actor:
    return Actor(kind="account", id=account.id, held=(Held("integrator"),))


def test_a_token_acts_with_the_roles_its_account_holds(integrator: Account) -> None:
    issued = issue_token(account=integrator, name="热线", days=30, by=actor(integrator), at=AT)
    behind = actor_behind(f"Bearer {issued.secret}", at=AT + timedelta(days=1))
    assert (behind.kind, behind.id) == ("token", integrator.id)
    assert behind.has_role("integrator")
    assert [token.name for token in tokens_of(by=actor(integrator))] == ["热线"]


def test_the_secret_is_not_in_the_database(integrator: Account) -> None:
    issued = issue_token(account=integrator, name="热线", days=30, by=actor(integrator), at=AT)
    kept = AccessToken.objects.get(pk=issued.id)
    assert issued.secret.encode() not in bytes(kept.digest) + repr(kept.__dict__).encode()


def test_ended_expired_and_invented_tokens_get_the_same_answer(integrator: Account) -> None:
    own = actor(integrator)
    ended = issue_token(account=integrator, name="a", days=30, by=own, at=AT)
    end_token(token_id=ended.id, by=own, at=AT)
    end_token(token_id=ended.id, by=own, at=AT)
    expired = issue_token(account=integrator, name="b", days=1, by=own, at=AT)
    late = AT + timedelta(days=2)
    for header in (f"Bearer {ended.secret}", f"Bearer {expired.secret}", "Bearer gz_x", "Basic abc", ""):
        with pytest.raises(NotSignedIn) as refused:
            actor_behind(header, at=late)
        assert refused.value.code == "exchange.bad_token"


def test_a_disabled_account_takes_its_tokens_with_it(integrator: Account) -> None:
    issued = issue_token(account=integrator, name="a", days=30, by=actor(integrator), at=AT)
    disable_account(account_id=integrator.id, reason="gone", by=SYSTEM, at=AT)
    with pytest.raises(NotSignedIn):
        actor_behind(f"Bearer {issued.secret}", at=AT + timedelta(hours=1))


def test_owner_administrator_and_stranger(integrator: Account) -> None:
    issue_token(account=integrator, name="by the administrator", days=1, by=SECURITY, at=AT)
    stranger = create_account(username="stranger-1", by=SYSTEM, at=AT)
    with pytest.raises(NotAllowed):
        issue_token(account=integrator, name="x", days=1, by=actor(stranger), at=AT)
    plain = Actor(kind="account", id=stranger.id, held=(Held("resident"),))
    with pytest.raises(NotAllowed):
        issue_token(account=stranger, name="x", days=1, by=plain, at=AT)


@pytest.mark.parametrize(("name", "days"), [("", 3), ("x" * 81, 3), ("x", 0), ("x", 367)])
def test_nameless_and_endless_tokens_are_refused(integrator: Account, name: str, days: int) -> None:
    with pytest.raises(Invalid):
        issue_token(account=integrator, name=name, days=days, by=actor(integrator), at=AT)
