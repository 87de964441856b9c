"""Belonging and crowding are arithmetic."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.incidents.rules import Around, Heard, Point, belongs, is_called, metres, surges, to_call

AT = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)
AROUND = Around(frozenset({"0501"}), 112.9, 28.2, 500, "510000/510000001/510000001001/", AT)


def _heard(**given_: object) -> Heard:
    values = {"chain": ("050103", "0501", "05"), "lon": 112.9, "lat": 28.2, "area_path": "", "opened_at": AT}
    return Heard(**{**values, **given_})  # type: ignore[arg-type]


def test_time_kind_and_place_must_all_hold() -> None:
    assert belongs(AROUND, _heard()) is not None
    assert belongs(AROUND, _heard(opened_at=AT - timedelta(seconds=1))) is None
    assert belongs(AROUND, _heard(chain=("020101", "0201", "02"))) is None
    assert belongs(AROUND, _heard(lon=112.91)) is None


def test_a_report_without_a_point_belongs_by_its_community() -> None:
    inside = _heard(lon=None, lat=None, area_path="510000/510000001/510000001001/01/")
    assert belongs(AROUND, inside) is not None
    assert belongs(AROUND, _heard(lon=None, lat=None, area_path="510000/510000001/510000001002/")) is None
    assert belongs(AROUND, _heard(lon=None, lat=None)) is None


def test_the_edge_of_the_circle_counts() -> None:
    edge = 500 / 111_195
    found = belongs(AROUND, _heard(lat=28.2 + edge))
    assert found is not None
    assert found.metres == 500
    assert belongs(AROUND, _heard(lat=28.2 + edge * 1.01)) is None


def test_three_attempts_or_one_answer_make_a_call() -> None:
    assert not is_called(())
    assert not is_called(("no_answer", "no_answer"))
    assert is_called(("no_answer",) * 3)
    assert is_called(("no_answer", "reached"))
    assert is_called(("declined",))
    assert to_call(["a", "b"], {"a": ("reached",)}) == ["b"]


def _points(count: int, *, lon: float = 112.9, kind: str = "0501", minutes: float = 1) -> list[Point]:
    return [
        Point(f"{kind}-{lon}-{n}", kind, lon + n * 1e-5, 28.2, AT - timedelta(minutes=minutes * n))
        for n in range(count)
    ]


def test_a_crowd_of_one_kind_is_a_surge_and_two_kinds_are_not_one() -> None:
    mixed = _points(3) + _points(3, kind="0502")
    asked = {"at": AT, "within": timedelta(hours=1), "radius_metres": 500}
    assert surges(mixed, **asked, at_least=5) == []  # type: ignore[arg-type]
    [one] = surges(_points(6), **asked, at_least=5)  # type: ignore[arg-type]
    assert len(one.numbers) == 6
    assert one.first_at == AT - timedelta(minutes=5)
    assert surges(_points(6, minutes=30), **asked, at_least=5) == []  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.floats(112.85, 112.95), st.floats(28.15, 28.25)), max_size=40), st.integers(2, 6)
)
def test_no_report_stands_in_two_surges_and_each_is_large_enough(
    places: list[tuple[float, float]], at_least: int
) -> None:
    points = [Point(str(n), "0501", lon, lat, AT) for n, (lon, lat) in enumerate(places)]
    found = surges(points, at=AT, within=timedelta(hours=1), radius_metres=1000, at_least=at_least)
    numbers = [number for surge in found for number in surge.numbers]
    assert len(numbers) == len(set(numbers))
    assert all(len(surge.numbers) >= at_least for surge in found)


def test_a_tenth_of_a_degree_north_is_eleven_kilometres() -> None:
    assert abs(metres(112.9, 28.2, 112.9, 28.3) - 11_120) < 5
