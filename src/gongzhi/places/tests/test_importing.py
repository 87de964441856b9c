import json
from datetime import datetime
from typing import Any

import pytest

from gongzhi.access.actor import ANONYMOUS, Actor
from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import Invalid, NotSignedIn
from gongzhi.places import coordinates, importing, snapshot
from gongzhi.places.features import Fields
from gongzhi.places.models import Area, PlaceName
from gongzhi.places.tests.conftest import SOUTH, STEP, WEST, collection, feature, square

TOWN = collection(
    feature(square(WEST, SOUTH), code="43010200101", name="第一网格", level="grid", parent="430102001"),
    feature(square(WEST + STEP, SOUTH), code="43010200102", name="第二网格", level="grid"),
    feature(square(WEST, SOUTH, 0.04), code="430102001", name="桔子洲街道", level="street"),
    feature(None, code="430102", name="岳麓区", level="district"),
    feature(
        {"type": "Point", "coordinates": [WEST + STEP / 2, SOUTH + STEP / 2]}, name="阳光花园", kind="estate"
    ),
    feature(None, name="老街", kind="alias", area="43010200102"),
)


def run(content: Any, admin: Actor, at: datetime, **more: Any) -> importing.Imported:
    text = content if isinstance(content, str) else json.dumps(content)
    return importing.import_areas(text, by=admin, at=at, source="town.geojson", **more)


@pytest.mark.django_db
def test_a_file_in_any_order_becomes_a_tree_and_twice_adds_nothing(admin: Actor, at: datetime) -> None:
    first = run(TOWN, admin, at)
    assert (first.total, first.created, first.rejects) == (6, 6, [])
    assert sorted(Area.objects.values_list("path", flat=True)) == [
        "430102/",
        "430102/430102001/",
        "430102/430102001/43010200101/",
        "430102/430102001/43010200102/",
    ]
    index = snapshot.current()
    assert index.place_text("阳光花园停水").area_path == "430102/430102001/43010200101/"
    assert index.place_text("老街停水").area_path == "430102/430102001/43010200102/"
    acts = Act.objects.count()
    second = run(TOWN, admin, at)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 6)
    assert Act.objects.count() == acts == 6


@pytest.mark.django_db
def test_a_changed_shape_or_name_is_taken_over_with_an_act(admin: Actor, at: datetime) -> None:
    run(TOWN, admin, at)
    moved = json.loads(json.dumps(TOWN))
    moved["features"][0]["properties"]["name"] = "新一网格"
    moved["features"][1]["geometry"] = square(WEST + 2 * STEP, SOUTH)
    again = run(moved, admin, at)
    assert (again.created, again.changed, again.unchanged) == (0, 2, 4)
    assert Act.objects.filter(verb="places.change_area").count() == 2


@pytest.mark.django_db
def test_bad_features_come_out_with_row_column_and_reason_and_the_rest_goes_in(
    admin: Actor, at: datetime
) -> None:
    bad = collection(
        feature(square(WEST, SOUTH), code="1", name="好", level="grid"),
        feature(square(WEST, SOUTH), code="1", name="重复", level="grid"),
        feature(square(WEST, SOUTH), code="a/b", name="坏代码", level="grid"),
        feature(square(WEST, SOUTH), code="2", name="坏层级", level="empire"),
        feature(square(WEST, SOUTH), code="3", name="无上级", level="grid", parent="none"),
        feature({"type": "LineString", "coordinates": []}, code="4", name="坏形状", level="grid"),
        feature(square(WEST, SOUTH), code="5", name="", level="grid"),
        {"type": "Feature"},
        feature(None, name="无处", kind="poi"),
        feature({"type": "Point", "coordinates": ["x", 1]}, name="坏点位", kind="poi"),
    )
    result = run(bad, admin, at)
    assert result.created == 2  # a feature without a name is called by its code
    assert [(r.row, r.column) for r in result.rejects] == [
        (2, "code"),
        (3, "code"),
        (4, "level"),
        (5, "parent"),
        (6, "geometry"),
        (8, "properties"),
        (9, "area"),
        (10, "geometry"),
    ]
    assert all(reject.reason % reject.params if reject.params else reject.reason for reject in result.rejects)
    assert result.total == result.created + len(result.rejects)


@pytest.mark.django_db
def test_an_interrupted_import_goes_on_without_duplicates(
    admin: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(TOWN, admin, at, progress=interrupt)
    assert Area.objects.count() == 2
    result = run(TOWN, admin, at)
    assert (result.created, result.unchanged) == (4, 2)
    assert (Area.objects.count(), PlaceName.objects.count()) == (4, 2)


@pytest.mark.django_db
def test_other_property_names_systems_and_line_files(admin: Actor, at: datetime) -> None:
    corner = coordinates.from_wgs84(WEST, SOUTH, "gcj02")
    lines = "\n".join(json.dumps(feature(square(*corner), WARD=n, LABEL=f"Ward {n}")) for n in (1, 2))
    result = run(
        lines, admin, at, fields=Fields(code="WARD", name="LABEL", level_default="district"), system="gcj02"
    )
    assert result.created == 2
    area = Area.objects.get(code="1")
    assert area.west == pytest.approx(WEST, abs=1e-5)


@pytest.mark.django_db
def test_what_is_no_geojson_or_another_projection_is_refused_whole(admin: Actor, at: datetime) -> None:
    projected = {**TOWN, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}}
    for wrong in ("", "<xml/>", "[]", '{"type": "Topology"}', projected):
        if wrong == "":
            assert run(wrong, admin, at).total == 0
            continue
        with pytest.raises(Invalid):
            run(wrong, admin, at)
    with pytest.raises(Invalid):
        run(TOWN, admin, at, system="mars")
    with pytest.raises(NotSignedIn):
        run(TOWN, ANONYMOUS, at)
    assert not Area.objects.exists()


@pytest.mark.django_db
def test_an_area_is_not_moved_by_an_import(admin: Actor, at: datetime) -> None:
    run(TOWN, admin, at)
    moved = json.loads(json.dumps(TOWN))
    moved["features"][0]["properties"]["parent"] = "430102"
    result = run(moved, admin, at)
    assert [(r.row, r.code) for r in result.rejects] == [(1, "places.moved")]
