"""list ⇔ object, on random worlds in real tables: whatever the rules, the list shows exactly what the object allows.

The table of grants serves as the subject (area path, organisation, account as "party", role as condition) and posts as
the fact table of organisations.
"""

import random
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongzhi.access import checks, hot, policy
from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.access.actor import SYSTEM as BY
from gongzhi.access.decisions import branches, may, require, top, visible
from gongzhi.access.listing import lines, markdown
from gongzhi.access.policy import Rule
from gongzhi.grants.models import Grant
from gongzhi.grants.tests.conftest import AT, new_account, new_organisation
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import NotAllowed, NotFound
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Organisation

PATHS = ["", "43/", "43/01/", "43/01/a/", "43/02/", "430/", "43/0/", "44/", "中/", "中/文/"]
ROLES = ["dispatcher", "handler", "auditor", "window"]


class World:
    """Rows of every combination, and the values rules and actors may pick from."""

    def __init__(self) -> None:
        self.organisations = [new_organisation(f"o{n}") for n in range(4)]
        self.people = [parties.register_person(name="张三", by=BY, at=AT) for _ in range(3)]
        self.accounts = [new_account(f"user{n}") for n in range(3)]
        chance = random.Random(7)
        for person in self.people:
            for organisation in chance.sample(self.organisations, 2):
                parties.take_post(
                    person_id=person.id,
                    organisation_id=organisation.id,
                    title="职员",
                    public=chance.random() < 0.5,
                    by=BY,
                    at=AT,
                )
        for n in range(60):
            in_area = chance.random() < 0.6
            Grant.objects.create(
                id=uuid7(AT),
                account=chance.choice(self.accounts),
                role=chance.choice(ROLES),
                area_path=chance.choice(PATHS) if in_area else "",
                organisation=None if in_area else chance.choice(self.organisations),
                valid_from=AT,
                valid_until=None if n % 3 else AT,
            )


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(policy, "_policies", dict(policy._policies))
    return World()


roles = st.frozensets(st.sampled_from(ROLES), min_size=1)
where = st.sampled_from(
    [
        {},
        {},
        {"role": "handler"},
        {"role__in": ["handler", "window"]},
        {"organisation_id": None},
        {"valid_until": None},
    ]
)
grant_rules = st.lists(
    st.one_of(
        st.builds(Rule, roles=roles, organisation=st.just("organisation_id"), where=where),
        st.builds(Rule, roles=roles, area=st.just("area_path"), where=where),
        st.builds(Rule, party=st.just("account_id"), where=where),
        st.builds(Rule, roles=roles, everyone=st.just(True), where=where),
        st.builds(Rule, everyone=st.just(True), where=where.filter(bool)),
    ),
    max_size=4,
)
facts = st.sampled_from([{}, {"public": True}, {"ended_at": None}])
organisation_rules = st.lists(
    st.one_of(
        st.builds(
            Rule,
            party=st.just("person_id"),
            through=st.just("parties.Post"),
            key=st.just("organisation_id"),
            through_where=facts,
            where=st.sampled_from([{}, {"code__in": ["o1", "o2"]}]),
        ),
        st.builds(Rule, roles=roles, organisation=st.just("id")),
        st.builds(
            Rule,
            roles=roles,
            organisation=st.just("organisation_id"),
            through=st.just("parties.Post"),
            key=st.just("organisation_id"),
            through_where=facts,
        ),
    ),
    max_size=3,
)


@st.composite
def actors(draw: st.DrawFn, world: World) -> Actor:
    party = draw(st.sampled_from([None, *(a.id for a in world.accounts), *(p.id for p in world.people)]))
    held = draw(
        st.lists(
            st.one_of(
                st.builds(Held, st.sampled_from(ROLES), st.sampled_from(PATHS)),
                st.builds(
                    Held,
                    st.sampled_from(ROLES),
                    st.just(""),
                    st.sampled_from([o.id for o in world.organisations]),
                ),
            ),
            max_size=4,
        )
    )
    return draw(
        st.sampled_from([ANONYMOUS, SYSTEM, *[Actor(kind="account", party_id=party, held=tuple(held))] * 8])
    )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_list_shows_exactly_what_the_object_allows(world: World, data: st.DataObject) -> None:
    model = data.draw(st.sampled_from([Grant, Organisation]))
    label = model._meta.label_lower
    rules = data.draw(grant_rules if model is Grant else organisation_rules)
    policy._policies[label, "peek"] = tuple(rules)
    actor = data.draw(actors(world))
    everything = list(model.objects.order_by("id"))
    allowed = [row.pk for row in everything if may(actor, "peek", row)]
    assert [row.pk for row in visible(model.objects.all(), actor, "peek").order_by("id")] == allowed
    assert visible(model.objects.all(), actor, "peek").count() == len(allowed)
    for limit in (1, 5, 100):
        assert [
            r.pk for r in top(model.objects.all(), actor, order=("id",), limit=limit, verb="peek")
        ] == allowed[:limit]
        newest = top(model.objects.all(), actor, order=("-id",), limit=limit, verb="peek")
        assert [r.pk for r in newest] == allowed[::-1][:limit]
    union = {row.pk for q in branches(actor, "peek", model) for row in model.objects.filter(q)}
    assert union == set(allowed)


def test_list_top_and_count_are_one_query_each(world: World) -> None:
    policy._policies["grants.grant", "peek"] = (
        Rule(roles={"dispatcher"}, area="area_path"),
        Rule(roles={"handler"}, organisation="organisation_id"),
        Rule(party="account_id"),
    )
    actor = Actor(
        kind="account",
        party_id=world.accounts[0].id,
        held=(Held("dispatcher", "43/"), *(Held("handler", "", o.id) for o in world.organisations)),
    )
    with CaptureQueriesContext(connection) as asked:
        list(
            top(
                Grant.objects.filter(role="auditor").select_related("account"),
                actor,
                order=("-id",),
                limit=5,
                verb="peek",
            )
        )
        list(visible(Grant.objects.all(), actor, "peek"))
        visible(Grant.objects.all(), actor, "peek").count()
    assert len(asked) == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_large_and_small_areas_take_different_roads_to_the_same_rows(
    world: World, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hot, "SMALL", data.draw(st.integers(1, 30)))
    rules = [Rule(roles={"dispatcher"}, area="area_path", where=data.draw(where)), Rule(party="account_id")]
    policy._policies["grants.grant", "peek"] = tuple(rules)
    held = [Held("dispatcher", path) for path in data.draw(st.sets(st.sampled_from(PATHS[1:]), min_size=1))]
    actor = Actor(kind="account", party_id=world.accounts[0].id, held=tuple(held))
    allowed = [row.pk for row in Grant.objects.order_by("role", "-id") if may(actor, "peek", row)]
    found = top(Grant.objects.all(), actor, order=("role", "-id"), limit=7, verb="peek")
    assert [row.pk for row in found] == allowed[:7]
    assert list(found.values_list("pk", flat=True)) == allowed[:7]


def test_refusals_tell_strangers_nothing(world: World) -> None:
    policy._policies["grants.grant", "view"] = (
        Rule(party="account_id"),
        Rule(roles={"auditor"}, everyone=True),
    )
    policy._policies["grants.grant", "shred"] = (Rule(party="account_id"),)
    row = Grant.objects.select_related("account").first()
    assert row is not None
    owner, colleague, stranger = (
        Actor(kind="account", party_id=row.account_id),
        Actor(kind="account", held=(Held("auditor"),)),
        Actor(kind="account", party_id=UUID(int=5)),
    )
    require(owner, "shred", row)
    with pytest.raises(NotAllowed):
        require(colleague, "shred", row)
    with pytest.raises(NotFound):
        require(stranger, "shred", row)
    with pytest.raises(NotFound):
        require(stranger, "view", row)


def test_a_prefix_is_read_from_the_index(world: World) -> None:
    policy._policies["parties.organisation", "peek"] = (Rule(roles={"dispatcher"}, area="area_path"),)
    actor = Actor(kind="account", held=(Held("dispatcher", "43/01/"),))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = visible(Organisation.objects.all(), actor, "peek").explain()
    assert "parties_organisation_area" in plan
    assert "Index Cond" in plan


def test_mistakes_in_declarations_are_found_at_start(world: World) -> None:
    assert checks.check_policies() == []
    for resource, rules, words in (
        ("grants.nothing", [], "no such model"),
        ("grants.grant", [Rule(party="reporter_id")], "has no column reporter_id"),
        ("grants.grant", [Rule(roles={"x"}, area="role")], "COLLATE"),
        (
            "grants.grant",
            [Rule(party="person_id", through="parties.nobody", key="x")],
            "no such model parties.nobody",
        ),
        (
            "parties.organisation",
            [Rule(party="person_id", through="parties.post", key="unit")],
            "has no column unit",
        ),
    ):
        policy._policies[resource, "err"] = tuple(rules)
        messages = [str(fault.msg) for fault in checks.check_policies()]
        del policy._policies[resource, "err"]
        assert bool(messages) == bool(rules or "nothing" in resource)
        assert any(words in message for message in messages)


def test_every_policy_stands_in_the_listing(world: World) -> None:
    listed = {(line.resource, line.verb) for line in lines()}
    assert ("parties.person", "view") in listed
    assert ("parties.unmask", "—") in listed
    assert markdown().startswith("| resource | verb |")
    assert apps.get_model("grants.Grant") is Grant
