"""Accounts: created and disabled by the system administrator; the password is its owner's."""

import re
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.parties import events, normalising, rules
from gongzhi.parties.models import Account, Person

_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._@+-]{2,63}$")
_LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def create_account(
    *,
    username: str,
    by: Actor,
    at: datetime,
    password: str | None = None,
    person_id: UUID | None = None,
    display_name: str = "",
    language: str = "zh-hans",
) -> Account:
    """An account without rights. Without a password nobody can sign in until one is set.

    display_name: what colleagues read beside its acts; defaults to the masked name of the person.
    Raises Invalid (name, password), Conflict (name taken), NotFound (person), NotAllowed.
    """
    require_to(by, "parties.accounts")
    username = judged_username(username)
    if Account.objects.filter(username=username).exists():
        raise Conflict("parties.username_taken", "登录名已被使用，请换一个。", field="username")
    person = Person.objects.filter(id=person_id).first() if person_id else None
    if person_id and person is None:
        raise NotFound("parties.person_unknown", "没有这个人的登记。")
    account = Account(
        id=uuid7(at),
        username=username,
        person=person,
        display_name=normalising.line(display_name)[:80] or (person.name_masked if person else ""),
        language=_language(language),
        created_at=at,
        password=make_password(None),
    )
    if password is not None:
        _set(account, password, at)
    account.save(force_insert=True)
    _record("parties.create_account", account, by, at, events.AccountCreated(person_id))
    return account


@transaction.atomic
def set_password(*, account_id: UUID, password: str, by: Actor, at: datetime) -> Account:
    """By its owner, or by the system administrator for another. Sessions opened with the old one end with it.

    Raises Invalid for a weak or repeated password, NotFound, NotAllowed.
    """
    account = _account(account_id)
    own = by.id == account.id
    if not own:
        require_to(by, "parties.accounts")
    _set(account, password, at)
    account.save(update_fields=["password", "password_set_at"])
    _record("parties.set_password", account, by, at, events.PasswordSet(own))
    return account


@transaction.atomic
def disable_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> Account:
    """It signs in no more, its sessions die at the next request and its grants end (trigger of the room grants).

    Raises Conflict when disabled already or for one's own account.
    """
    require_to(by, "parties.accounts")
    account = _account(account_id)
    if by.id == account.id:
        raise Conflict("parties.disable_self", "不能停用自己的账号，请由另一位管理员办理。")
    if account.disabled_at:
        raise Conflict("parties.disabled", "账号已经停用。")
    account.disabled_at = at
    account.save(update_fields=["disabled_at"])
    _record("parties.disable_account", account, by, at, events.AccountDisabled(reason))
    return account


@transaction.atomic
def enable_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> Account:
    """It may sign in again; rights are granted anew. Raises Conflict when it is not disabled."""
    require_to(by, "parties.accounts")
    account = _account(account_id)
    if account.disabled_at is None:
        raise Conflict("parties.enabled", "账号没有停用。")
    account.disabled_at = None
    account.save(update_fields=["disabled_at"])
    _record("parties.enable_account", account, by, at, events.AccountEnabled(reason))
    return account


@transaction.atomic
def choose_language(*, language: str, by: Actor, at: datetime) -> Account:
    """The language of one's own pages and notices. Raises NotFound for an actor without account, Invalid."""
    account = _account(by.id)
    account.language = _language(language)
    account.save(update_fields=["language"])
    _record("parties.choose_language", account, by, at, events.LanguageChosen(account.language))
    return account


def judged_username(given: str) -> str:
    """Lower case, plain characters. Raises Invalid."""
    username = given.strip().lower()
    if not _USERNAME.match(username):
        raise Invalid(
            "parties.username",
            "登录名为 3 至 64 位小写字母、数字或 . _ @ + -，以字母或数字开头。",
            field="username",
        )
    return username


def _set(account: Account, password: str, at: datetime) -> None:
    rules.judge_password(password, username=account.username, common=_is_common(password))
    if check_password(password, account.password):
        raise Invalid("parties.password_same", "新密码不能与原密码相同。", field="password")
    account.password = make_password(password)
    account.password_set_at = at


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _language(language: str) -> str:
    if language not in _LANGUAGES:
        raise Invalid("parties.language", "没有这种语言。", field="language")
    return language


def _account(account_id: UUID | None) -> Account:
    account: Account | None = (
        Account.objects.select_for_update(of=("self",)).filter(id=account_id).first() if account_id else None
    )
    if account is None:
        raise NotFound("parties.account_unknown", "没有这个账号。")
    return account


def _record(verb: str, account: Account, by: Actor, at: datetime, event: object) -> None:
    record(verb=verb, subject=Subject("parties.account", account.id), by=by, at=at, event=event)
