import pytest

from gongzhi.kernel.refusals import Invalid
from gongzhi.places import coordinates
from gongzhi.places.naming import normalised, short
from gongzhi.places.shapes import shape
from gongzhi.places.tests.conftest import SOUTH, WEST, square


def test_a_good_shape_keeps_its_corners_and_gets_a_box() -> None:
    drawn = shape(square(WEST, SOUTH, 0.01))
    assert drawn.geometry["type"] == "Polygon"
    assert drawn.box == pytest.approx((WEST, SOUTH, WEST + 0.01, SOUTH + 0.01))


def test_a_shape_in_gcj02_is_converted() -> None:
    corner = coordinates.from_wgs84(WEST, SOUTH, "gcj02")
    drawn = shape(square(*corner), system="gcj02")
    assert coordinates.metres_between((drawn.box[0], drawn.box[1]), (WEST, SOUTH)) < 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": "nonsense"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [200, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[1, 1], [1, 1], [1, 1], [1, 1]]]},
        {},
    ],
)
def test_what_is_no_area_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        shape(wrong)
    assert refused.value.field == "geometry"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("阳光花园 三号楼", "阳光花园3号楼"),
        ("阳光花园（一期）十二栋", "阳光花园一期12栋"),
        ("８８＃", "88号"),
        ("二十一栋，一百零五号", "21栋105号"),
        ("Main St.", "mainst"),
    ],
)
def test_writings_are_evened_out(written: str, plain: str) -> None:
    assert normalised(written) == plain


def test_a_short_name_has_two_characters_at_least() -> None:
    assert short("桔子洲街道") == "桔子洲"
    assert short("东区") == ""
    assert short("阳光") == ""
