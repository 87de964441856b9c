import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.access.listing import lines
from gongzhi.acts.models import Act
from gongzhi.grants import actions, queries
from gongzhi.grants.models import Grant
from gongzhi.grants.roles import ROLES
from gongzhi.grants.tests.conftest import new_account, new_organisation
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account

DAY = timedelta(days=1)


def test_a_role_counts_from_its_first_instant_until_before_its_last(
    account: Account, security: Actor, at: datetime
) -> None:
    actions.give(
        account_id=account.id, role="dispatcher", area_path="43/", valid_until=at + DAY, by=security, at=at
    )
    held = (Held("dispatcher", "43/"),)
    assert queries.actor_of(account.id, at).held == held
    assert queries.actor_of(account.id, at - timedelta(microseconds=1)).held == ()
    assert queries.actor_of(account.id, at + DAY - timedelta(microseconds=1)).held == held
    assert queries.actor_of(account.id, at + DAY).held == ()


def test_giving_and_ending_leave_an_act_each(account: Account, security: Actor, at: datetime) -> None:
    grant = actions.give(account_id=account.id, role="auditor", by=security, at=at)
    actions.end(grant_id=grant.id, reason="调岗", by=security, at=at + DAY)
    assert queries.actor_of(account.id, at + DAY).held == ()
    verbs = Act.objects.filter(subject_id=str(account.id)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["parties.create_account", "grants.give", "grants.end"]
    with pytest.raises(Conflict):
        actions.end(grant_id=grant.id, reason="调岗", by=security, at=at + DAY)


def test_the_head_of_a_unit_reaches_what_lies_below_and_a_handler_does_not(
    account: Account, security: Actor, at: datetime
) -> None:
    top = new_organisation("cg")
    below = new_organisation("cg-1", top)
    new_organisation("cg0")  # the next code in order is not below
    for role in ("unit_head", "handler"):
        actions.give(account_id=account.id, role=role, organisation_id=top.id, by=security, at=at)
    held = queries.actor_of(account.id, at).held
    assert set(held) == {
        Held("handler", "", top.id),
        Held("unit_head", "", top.id),
        Held("unit_head", "", below.id),
    }


def test_an_ended_organisation_gives_no_rights_and_above_all_not_everywhere(
    account: Account, security: Actor, at: datetime
) -> None:
    unit = new_organisation("cg")
    actions.give(account_id=account.id, role="community_worker", organisation_id=unit.id, by=security, at=at)
    parties.end_organisation(organisation_id=unit.id, reason="撤并", by=SYSTEM, at=at)
    assert queries.actor_of(account.id, at).held == ()


def test_whoever_has_a_person_is_a_resident_too(db: None, at: datetime) -> None:
    person = parties.register_person(name="张三", by=SYSTEM, at=at)
    account = new_account("zhang", person.id)
    actor = queries.actor_of(account.id, at, request_id="r1")
    assert (actor.party_id, actor.held, actor.request_id) == (person.id, (Held("resident"),), "r1")


def test_unknown_and_disabled_accounts_are_anonymous(account: Account, security: Actor, at: datetime) -> None:
    assert queries.actor_of(uuid4(), at) == ANONYMOUS
    actions.give(account_id=account.id, role="auditor", by=security, at=at)
    parties.disable_account(account_id=account.id, reason="离职", by=SYSTEM, at=at + DAY)
    assert queries.actor_of(account.id, at + DAY) == ANONYMOUS
    with pytest.raises(Conflict):
        actions.give(account_id=account.id, role="auditor", by=security, at=at + DAY)
    parties.enable_account(account_id=account.id, reason="返岗", by=SYSTEM, at=at + 2 * DAY)
    assert queries.actor_of(account.id, at + 2 * DAY).held == ()  # rights are given anew


def test_the_three_administrators_never_meet_in_one_account(
    account: Account, security: Actor, at: datetime
) -> None:
    actions.give(account_id=account.id, role="system_admin", valid_until=at + DAY, by=security, at=at)
    for role in ("security_admin", "audit_admin"):
        with pytest.raises(Conflict) as refused:
            actions.give(account_id=account.id, role=role, by=security, at=at)
        assert refused.value.code == "grants.administrators_apart"
    actions.give(
        account_id=account.id, role="audit_admin", valid_from=at + DAY, by=security, at=at
    )  # afterwards


def test_the_database_itself_keeps_administrators_apart_and_disabled_accounts_empty(
    account: Account, at: datetime
) -> None:
    Grant.objects.create(id=uuid7(at), account=account, role="system_admin", valid_from=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(id=uuid7(at), account=account, role="audit_admin", valid_from=at)
    other = Grant.objects.create(id=uuid7(at), account=account, role="auditor", valid_from=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(id=other.id).update(role="audit_admin")
    Account.objects.filter(id=account.id).update(disabled_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(id=uuid7(at), account=account, role="resident", valid_from=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(id=other.id).update(role="emperor")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_given_at_once_leave_one(security: Actor, at: datetime) -> None:
    account = new_account("zhang.san")
    barrier, outcomes = threading.Barrier(3), []

    def give(role: str) -> None:
        try:
            barrier.wait(10)
            actions.give(account_id=account.id, role=role, by=security, at=at)
            outcomes.append("given")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=give, args=(r,)) for r in ("system_admin", "security_admin", "audit_admin")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["given", "refused", "refused"]
    assert Grant.objects.count() == 1


@pytest.mark.parametrize(
    "scope",
    [
        {"role": "emperor"},
        {"role": "handler"},
        {"role": "handler", "area_path": "43/"},
        {"role": "dispatcher", "area_path": "43"},
        {"role": "system_admin", "area_path": "43/"},
    ],
)
def test_a_scope_the_role_does_not_have_is_refused(
    scope: dict[str, str], account: Account, security: Actor, at: datetime
) -> None:
    with pytest.raises(Invalid):
        actions.give(account_id=account.id, by=security, at=at, **scope)  # type: ignore[arg-type]


def test_area_and_organisation_together_and_the_same_grant_twice_are_refused(
    account: Account, security: Actor, at: datetime
) -> None:
    unit = new_organisation("cg")
    with pytest.raises(Invalid):
        actions.give(
            account_id=account.id,
            role="community_worker",
            area_path="43/",
            organisation_id=unit.id,
            by=security,
            at=at,
        )
    with pytest.raises(NotFound):
        actions.give(account_id=account.id, role="handler", organisation_id=uuid4(), by=security, at=at)
    for refused in (False, True):
        try:
            actions.give(account_id=account.id, role="dispatcher", area_path="43/", by=security, at=at)
            assert not refused
        except Conflict:
            assert refused


def test_owner_colleague_and_administrator(account: Account, security: Actor, at: datetime) -> None:
    own, colleague = (
        Actor(kind="account", id=account.id),
        Actor(kind="account", id=uuid4(), held=(Held("dispatcher"),)),
    )
    actions.give(account_id=account.id, role="auditor", by=security, at=at)
    for by in (own, colleague, Actor(kind="account", id=uuid4(), held=(Held("system_admin"),))):
        with pytest.raises(NotAllowed):
            actions.give(account_id=account.id, role="window", by=by, at=at)
    with pytest.raises(NotAllowed):  # not to oneself, security administrator or not
        actions.give(
            account_id=account.id,
            role="window",
            by=Actor(kind="account", id=account.id, held=security.held),
            at=at,
        )
    assert [duty.role for duty in queries.own(by=own, at=at)] == ["auditor"]
    assert queries.own(by=colleague, at=at) == []
    assert [queries.grants(visible_to=reader).count() for reader in (own, colleague, security)] == [0, 0, 1]


def test_an_actor_costs_one_query_whatever_it_holds(account: Account, security: Actor, at: datetime) -> None:
    for n in range(20):
        actions.give(account_id=account.id, role="dispatcher", area_path=f"43/{n}/", by=security, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.actor_of(account.id, at).held) == 20
    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("count", [5, 50])
def test_the_table_of_rights_is_one_query(count: int, security: Actor, at: datetime) -> None:
    for n in range(count):
        actions.give(account_id=new_account(f"user{n:03}").id, role="auditor", by=security, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert (
            len([(str(g.account), str(g.organisation)) for g in queries.grants(visible_to=security)]) == count
        )
    assert len(asked) == 1


def test_every_role_a_policy_names_exists() -> None:
    named = {role for line in lines() for role in line.roles.split(", ")} - {"—", "nobody", "system"}
    assert named <= set(ROLES)
