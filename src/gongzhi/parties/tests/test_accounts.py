from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import Actor
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotSignedIn, TooMany
from gongzhi.parties import actions, queries
from gongzhi.parties.models import Account, LoginAttempt, Person
from gongzhi.parties.tests.conftest import actor

pytestmark = pytest.mark.django_db
GOOD = "Correct-Horse-7"


@pytest.fixture(autouse=True)
def quick_hasher(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def account(admin: Actor, at: datetime) -> Account:
    return actions.create_account(username=" Zhang.San ", password=GOOD, by=admin, at=at)


def test_production_passwords_are_argon2() -> None:
    production = import_module("gongzhi.config.settings")
    assert production.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_the_right_password_signs_in_and_leaves_an_act(account: Account, at: datetime) -> None:
    assert actions.sign_in(username="ZHANG.SAN", password=GOOD, at=at, network="10.0.0.1") == account
    assert Act.objects.filter(verb="parties.sign_in", subject_id=str(account.id)).count() == 1
    assert "10.0.0.1" not in str(LoginAttempt.objects.values())


@pytest.mark.parametrize("username", ["zhang.san", "nobody"])
def test_known_and_unknown_names_answer_and_lock_alike(username: str, account: Account, at: datetime) -> None:
    for n in range(5):
        with pytest.raises(NotSignedIn) as refused:
            actions.sign_in(username=username, password="wrong", at=at + timedelta(seconds=n))
        assert refused.value.code == "parties.wrong_password"
    with pytest.raises(TooMany) as locked:
        actions.sign_in(username=username, password=GOOD, at=at + timedelta(minutes=1))
    assert locked.value.params["minutes"] == 15
    with pytest.raises(NotSignedIn):
        actions.sign_in(username=username, password="wrong", at=at + timedelta(minutes=16))


def test_a_success_clears_the_count(account: Account, at: datetime) -> None:
    for n in range(4):
        with pytest.raises(NotSignedIn):
            actions.sign_in(username="zhang.san", password="wrong", at=at + timedelta(seconds=n))
    actions.sign_in(username="zhang.san", password=GOOD, at=at + timedelta(seconds=5))
    with pytest.raises(NotSignedIn):
        actions.sign_in(username="zhang.san", password="wrong", at=at + timedelta(seconds=6))
    actions.sign_in(username="zhang.san", password=GOOD, at=at + timedelta(seconds=7))


def test_one_network_trying_many_names_is_stopped_without_new_rows(at: datetime) -> None:
    for n in range(50):
        with pytest.raises(NotSignedIn):
            actions.sign_in(username=f"name{n}", password="x", at=at, network="10.0.0.9")
    rows = LoginAttempt.objects.count()
    with pytest.raises(TooMany):
        actions.sign_in(username="another", password="x", at=at, network="10.0.0.9")
    assert LoginAttempt.objects.count() == rows
    with pytest.raises(NotSignedIn):
        actions.sign_in(username="another", password="x", at=at, network="10.0.0.8")


def test_a_disabled_account_gets_the_same_answer_as_a_wrong_password(
    account: Account, admin: Actor, at: datetime
) -> None:
    actions.disable_account(account_id=account.id, reason="离职", by=admin, at=at)
    with pytest.raises(NotSignedIn):
        actions.sign_in(username="zhang.san", password=GOOD, at=at)
    with pytest.raises(Conflict):
        actions.disable_account(account_id=account.id, reason="离职", by=admin, at=at)
    actions.enable_account(account_id=account.id, reason="返岗", by=admin, at=at)
    assert actions.sign_in(username="zhang.san", password=GOOD, at=at) == account


def test_nobody_disables_themselves(account: Account, at: datetime) -> None:
    with pytest.raises(Conflict):
        actions.disable_account(
            account_id=account.id, reason="x", by=actor("system_admin", id=account.id), at=at
        )


@pytest.mark.parametrize(
    "weak", ["Short-1", "alllowercaseonly"[:12], "zhang.san-Aa1-zhang.san", "Aa1!" * 80, "Aa1!Aa1!Aa1!"]
)
def test_weak_passwords_are_refused(weak: str, admin: Actor, at: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_account(username="zhang.san", password=weak, by=admin, at=at)
    assert refused.value.field == "password"
    assert weak not in str(refused.value)


def test_owner_and_administrator_set_a_password_and_a_colleague_does_not(
    account: Account, admin: Actor, at: datetime
) -> None:
    owner = actor("handler", id=account.id)
    actions.set_password(account_id=account.id, password="Another-Horse-8", by=owner, at=at)
    actions.set_password(account_id=account.id, password="Third-Horse-99", by=admin, at=at)
    with pytest.raises(NotAllowed):
        actions.set_password(account_id=account.id, password="Fourth-Horse-1", by=actor("handler"), at=at)
    with pytest.raises(Invalid):
        actions.set_password(account_id=account.id, password="Third-Horse-99", by=owner, at=at)


def test_an_account_without_password_cannot_sign_in(admin: Actor, at: datetime) -> None:
    actions.create_account(username="machine", by=admin, at=at)
    for password in ("", "!", "None"):
        with pytest.raises(NotSignedIn):
            actions.sign_in(username="machine", password=password, at=at)


def test_names_are_plain_and_taken_once(account: Account, admin: Actor, at: datetime) -> None:
    with pytest.raises(Conflict):
        actions.create_account(username="zhang.san", by=admin, at=at)
    for wrong in ("", "ab", "张三", "a b c", "<script>", "x" * 65):
        with pytest.raises(Invalid):
            actions.create_account(username=wrong, by=admin, at=at)


def test_owner_administrators_and_others_see_what_they_may(
    person: Person, admin: Actor, at: datetime
) -> None:
    own = actions.create_account(username="owner", person_id=person.id, by=admin, at=at)
    assert own.display_name == "欧阳**"
    owner = actor("resident", id=own.id, party=person.id)
    for reader, seen in ((owner, 1), (actor("audit_admin"), 1), (actor("handler"), 0)):
        assert queries.accounts(visible_to=reader).count() == seen


def test_a_language_is_chosen_from_those_we_have(account: Account, at: datetime) -> None:
    owner = actor("handler", id=account.id)
    assert actions.choose_language(language="en", by=owner, at=at).language == "en"
    with pytest.raises(Invalid):
        actions.choose_language(language="tlh", by=owner, at=at)


@pytest.mark.parametrize("count", [5, 50])
def test_the_list_is_one_query(count: int, admin: Actor, at: datetime) -> None:
    for n in range(count):
        actions.create_account(username=f"user{n:03}", by=admin, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert len([str(account.person) for account in queries.accounts(visible_to=admin)]) == count
    assert len(asked) == 1
