"""The demo district: whole, honest about its flaws, planted as often as you like."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from gongzhi.acts.models import Act
from gongzhi.cli.demo import folder, personas, plant
from gongzhi.grants import queries as grants
from gongzhi.installation.trouble import Trouble
from gongzhi.mandates import queries as mandates
from gongzhi.parties.models import Account
from gongzhi.places import snapshot as places
from gongzhi.web.models import DemoPersona

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 17, 6, 0, tzinfo=UTC)
ROLES = [
    "resident",
    "grid_worker",
    "dispatcher",
    "handler",
    "unit_head",
    "community_worker",
    "window",
    "quality",
    "street_leader",
    "supervisor",
    "auditor",
    "evaluator",
    "integrator",
    "system_admin",
    "security_admin",
    "audit_admin",
]


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    """Planted once for the module and rolled back after it: it takes seconds."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("GONGZHI_DEMO", "1")
        plant(NOW, say=lambda line: None)
        yield
        transaction.set_rollback(True)


def test_outside_demo_mode_nothing_is_planted(monkeypatch):
    monkeypatch.delenv("GONGZHI_DEMO", raising=False)
    with pytest.raises(Trouble) as caught:
        plant(NOW)
    assert caught.value.code == "demo.not_wanted"


def test_every_persona_of_the_platform_can_be_become(planted):
    held = set()
    for persona in personas():
        account = Account.objects.get(username=persona.username)
        held |= {role.role for role in grants.actor_of(account.id, NOW).held}
    assert held >= set(ROLES)
    assert DemoPersona.objects.count() == len(personas()) >= 18
    assert {persona.door for persona in personas()} == {"resident", "centre", "api"}


def test_the_lists_have_the_gap_the_overlaps_and_the_expired_basis_left_in(planted):
    found = mandates.findings(at=NOW)
    assert [gap.category for gap in found.gaps] == ["0505"]
    assert [overlap.category for overlap in found.overlaps] == ["0105"]
    assert [row.entry.item for row in found.expired] == ["QH-RL-01"]


def test_people_say_where_and_the_gazetteer_knows(planted):
    index = places.current()
    assert index.place_text("江滨花园北门的路灯坏了").area_path.startswith("990101/990101001/990101001001/")
    located = index.locate_point(123.42, 29.23)
    assert len(located.area_path.split("/")) == 5


def test_planting_again_changes_nothing(planted):
    acts = Act.objects.count()
    plant(NOW, say=lambda line: None)
    assert Act.objects.count() == acts


def test_the_cases_stand_in_every_state_of_the_procedure(planted):
    from gongzhi.catalogue import queries as catalogue
    from gongzhi.matters.models import Matter

    states = set(Matter.objects.values_list("state", flat=True))
    assert states == {state.code for state in catalogue.procedure("case").states}
    assert Matter.objects.count() >= 40


def test_the_data_of_the_demo_is_where_the_readme_says():
    for name in ("README.md", "areas.geojson", "map.geojson", "town.yaml", "mandates.csv", "matters.yaml"):
        assert (folder.folder() / name).is_file()
