"""The bare address leads everybody to where their business is."""

import pytest
from django.test import override_settings

from gongzhi.portals.centre.tests.world import World
from gongzhi.portals.resident.tests.people import resident, visitor
from gongzhi.web.tests.people import signed_in

pytestmark = pytest.mark.django_db


@override_settings(DEMO=False)
def test_visitors_are_led_to_the_report_and_find_the_way_to_sign_in(world: World) -> None:
    answer = visitor().get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/report/"
    page = answer.content.decode()
    for address in ("/follow/", "/sign-in/"):
        assert f'href="{address}"' in page


@override_settings(DEMO=True)
def test_visitors_of_the_demo_need_nobody_to_report_or_follow() -> None:
    answer = visitor().get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/demo/"
    page = answer.content.decode()
    for address in ("/report/", "/follow/"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize("demo", [True, False])
def test_residents_land_on_their_matters_and_staff_at_the_desk(world: World, demo: bool) -> None:
    with override_settings(DEMO=demo):
        assert signed_in(resident("lin")).get("/")["Location"] == "/mine/"
        assert signed_in(world.accounts["dispatcher"]).get("/")["Location"] == "/desk/"
