"""Signing in by name and password: attempts are facts, a name locks, known and unknown names answer alike."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.refusals import NotSignedIn, Refusal, TooMany
from gongzhi.parties import events, rules, sealing
from gongzhi.parties.models import Account, LoginAttempt


def sign_in(*, username: str, password: str, at: datetime, network: str = "") -> Account:
    """The account of a right name and password; network: address of the client, kept only as a keyed hash.

    Raises NotSignedIn (wrong name or password, or disabled: one answer), TooMany (name or network locked).
    """
    username = username.strip().lower()[:64]
    name_index = sealing.pseudonym("login", username)
    place = sealing.pseudonym("network", network) if network else ""
    _refuse_locked(name_index, place, at)
    account: Account | None = Account.objects.filter(username=username).first()
    right = _matches(account, password)
    refusal = _settle(account if right else None, account, name_index, place, at)
    if refusal or account is None:
        raise refusal or _wrong()
    return account


def _matches(account: Account | None, password: str) -> bool:
    if account is None:
        make_password(password)  # the same work as a check, so that time does not tell known names
        return False
    return check_password(password, account.password) and account.disabled_at is None


@transaction.atomic
def _settle(
    signed_in: Account | None, account: Account | None, name_index: str, network: str, at: datetime
) -> Refusal | None:
    LoginAttempt.objects.create(
        account=account, name_index=name_index, network=network, at=at, succeeded=signed_in is not None
    )
    if signed_in is not None:
        by = Actor(kind="account", id=signed_in.id)
        subject = Subject("parties.account", signed_in.id)
        record(verb="parties.sign_in", subject=subject, by=by, at=at, event=events.SignedIn(network))
        signed_in.last_login = at
        signed_in.save(update_fields=["last_login"])
        return None
    locked = rules.locked_until(_attempts(name_index), at) is not None
    subject = Subject("parties.account", account.id) if account else Subject("parties.login", name_index)
    event = events.SignInRefused(network, locked)
    record(verb="parties.refuse_sign_in", subject=subject, by=ANONYMOUS, at=at, event=event)
    return _wrong()


def _refuse_locked(name_index: str, network: str, at: datetime) -> None:
    until = rules.locked_until(_attempts(name_index), at)
    failures = LoginAttempt.objects.filter(network=network, at__gt=at - rules.FAILURE_WINDOW, succeeded=False)
    if until is None and network and failures.count() >= rules.NETWORK_FAILURES_MAX:
        until = at + rules.FAILURE_WINDOW
    if until is not None and until > at:
        minutes = max(1, -int(-(until - at).total_seconds() // 60))
        raise TooMany("parties.locked", "登录失败次数过多，请 %(minutes)s 分钟后再试。", minutes=minutes)


def _attempts(name_index: str) -> list[rules.Attempt]:
    newest = LoginAttempt.objects.filter(name_index=name_index).order_by("-at", "-id")[: rules.FAILURES_MAX]
    return [rules.Attempt(attempt.at, attempt.succeeded) for attempt in newest]


def _wrong() -> NotSignedIn:
    return NotSignedIn("parties.wrong_password", "登录名或密码不正确。")
