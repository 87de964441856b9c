"""A street's own dispatcher takes a call that names no place: the number is shown, the case is theirs, the place follows."""

import re
import uuid

from gongzhi.matters.models import Matter
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.tests.people import signed_in

CALL = {"channel": "phone", "text": "门口的灯坏了三天，也没人来看。", "caller_phone": "13800001234"}


def test_the_case_stays_with_the_desk_that_heard_it_until_it_sets_the_place(world: World) -> None:
    client = signed_in(world.accounts["neighbour"])
    answer = client.post("/desk/reports/new/", {**CALL, "_once": str(uuid.uuid4())}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    matter = Matter.objects.get()
    assert "查询码" in page
    assert "地点未知" in page
    assert matter.area_path == world.areas["990101002"].path

    grid = world.areas["99010100200101"]
    version = re.search(r'name="_version" value="(\d+)"', page)
    done = client.post(
        f"/desk/cases/{matter.number}/locate/",
        {"area": grid.path, "_version": version.group(1) if version else "", "_once": str(uuid.uuid4())},
        follow=True,
    )
    assert done.status_code == 200
    assert "地点未知" not in done.content.decode()
    assert Matter.objects.get().area_path == grid.path


def test_a_whole_towns_desk_keeps_it_for_the_whole_town(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    assert (
        client.post("/desk/reports/new/", {**CALL, "_once": str(uuid.uuid4())}, follow=True).status_code
        == 200
    )
    matter = Matter.objects.get()
    assert matter.area_path == world.areas["990101"].path
    other_street = signed_in(world.accounts["neighbour"])
    assert other_street.get(f"/desk/cases/{matter.number}/").status_code == 404
