"""Draws the fictional Qinghe district: `python demo/draw.py` writes areas.geojson and map.geojson beside this file.

Twenty-four grids tessellate (neighbours share every point of their border), communities, streets and the district are
their unions. The place is out at sea on purpose: no real town lies under the demo.
"""

import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, Point, Polygon, mapping
from shapely.ops import unary_union

HERE = Path(__file__).parent
WEST, NORTH = 123.400, 29.240
COLUMN, ROW = 0.0074, 0.0055  # about 720 m and 610 m
COLUMNS, ROWS = 6, 4
DISTRICT = ("990101", "青禾区")
STREETS = (("990101001", "临江街道"), ("990101002", "云台街道"), ("990101103", "柳塘镇"))
COMMUNITIES = {
    "990101001": (("990101001001", "江滨社区"), ("990101001002", "渡口社区")),
    "990101002": (("990101002001", "云锦社区"), ("990101002002", "钟楼社区")),
    "990101103": (("990101103001", "柳塘社区"), ("990101103201", "南汀村")),
}
ALONG = ("青年路", "人民路", "书院路")  # between rows
ACROSS = ("渡口街", "临江大道", "钟楼街", "云台大道", "柳塘路")  # between columns
PLACES = (  # column, row, across and down inside the grid, name, kind
    (0, 0, 0.3, 0.4, "江滨花园", "estate"), (0, 0, 0.7, 0.6, "江滨花园3号楼", "building"),
    (0, 0, 0.5, 0.8, "临江公园", "poi"), (1, 0, 0.4, 0.5, "滨江一号", "estate"),
    (1, 0, 0.7, 0.3, "临江菜市场", "poi"), (0, 1, 0.5, 0.5, "船厂家属院", "estate"),
    (0, 1, 0.3, 0.7, "船厂家属院2栋", "building"), (1, 1, 0.5, 0.4, "青年公寓", "estate"),
    (1, 1, 0.6, 0.8, "临江小学", "poi"), (0, 2, 0.4, 0.5, "渡口新村", "estate"),
    (0, 2, 0.7, 0.7, "渡口码头", "poi"), (1, 2, 0.5, 0.6, "安居苑", "estate"),
    (1, 2, 0.3, 0.3, "安居苑5栋", "building"), (0, 3, 0.5, 0.5, "老粮站", "alias"),
    (1, 3, 0.5, 0.5, "渡口夜市", "poi"), (2, 0, 0.5, 0.4, "云锦嘉园", "estate"),
    (2, 0, 0.3, 0.7, "云锦嘉园8栋", "building"), (3, 0, 0.5, 0.5, "云台广场", "poi"),
    (3, 0, 0.7, 0.7, "区政务服务中心", "poi"), (2, 1, 0.4, 0.5, "锦绣里", "estate"),
    (3, 1, 0.5, 0.6, "区人民医院", "poi"), (3, 1, 0.3, 0.3, "医院家属楼", "building"),
    (2, 2, 0.5, 0.5, "钟楼小区", "estate"), (2, 2, 0.7, 0.8, "老钟楼", "alias"),
    (3, 2, 0.4, 0.6, "书香门第", "estate"), (3, 2, 0.7, 0.4, "云台中学", "poi"),
    (2, 3, 0.5, 0.5, "云台汽车站", "poi"), (3, 3, 0.5, 0.5, "建材市场", "poi"),
    (4, 0, 0.5, 0.5, "柳塘家园", "estate"), (4, 0, 0.3, 0.7, "柳塘集市", "poi"),
    (5, 0, 0.5, 0.4, "柳塘工业园", "poi"), (4, 1, 0.5, 0.6, "镇卫生院", "poi"),
    (5, 1, 0.4, 0.5, "荷塘小区", "estate"), (4, 2, 0.5, 0.5, "南汀村委会", "poi"),
    (5, 2, 0.6, 0.5, "南汀祠堂", "alias"), (4, 3, 0.5, 0.4, "南汀养殖场", "poi"),
    (5, 3, 0.4, 0.6, "南汀水库", "poi"),
)  # fmt: skip
chance = random.Random(20260301)  # noqa: S311 (a drawing, the same one each time)
Coordinate = tuple[float, float]


def corner(column: int, row: int) -> Coordinate:
    """A crossing: moved a little, but the town's western border keeps to the river bank."""
    bend = 0.0022 * ((row - 2) ** 2 / 4 - 0.5) if column == 0 else 0.0
    return (
        WEST + column * COLUMN + bend + chance.uniform(-0.0008, 0.0008),
        NORTH - row * ROW + chance.uniform(-0.0006, 0.0006),
    )


def border(a: Coordinate, b: Coordinate, pieces: int = 4) -> list[Coordinate]:
    """From a to b with small bends, as streets have them."""
    points = [a]
    for step in range(1, pieces):
        share = step / pieces
        points.append(
            (
                a[0] + (b[0] - a[0]) * share + chance.uniform(-0.00022, 0.00022),
                a[1] + (b[1] - a[1]) * share + chance.uniform(-0.00018, 0.00018),
            )
        )
    return [*points, b]


def rounded(points: list[Coordinate]) -> list[Coordinate]:
    return [(round(x, 6), round(y, 6)) for x, y in points]


corners = {(c, r): corner(c, r) for r in range(ROWS + 1) for c in range(COLUMNS + 1)}
level = {
    (c, r): rounded(border(corners[c, r], corners[c + 1, r])) for r in range(ROWS + 1) for c in range(COLUMNS)
}
upright = {
    (c, r): rounded(border(corners[c, r], corners[c, r + 1])) for c in range(COLUMNS + 1) for r in range(ROWS)
}


def grid(column: int, row: int) -> Polygon:
    top, right = level[column, row], upright[column + 1, row]
    bottom, left = level[column, row + 1][::-1], upright[column, row][::-1]
    return Polygon([*top[:-1], *right[:-1], *bottom[:-1], *left[:-1]])


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry and mapping(geometry)}


def areas() -> list[dict[str, Any]]:
    found, everything = [], []
    for number, (street, street_name) in enumerate(STREETS):
        of_street = []
        for half, (community, community_name) in enumerate(COMMUNITIES[street]):
            cells = [(c, r) for r in (2 * half, 2 * half + 1) for c in (2 * number, 2 * number + 1)]
            shapes = [grid(c, r) for c, r in cells]
            for place, shape in enumerate(shapes, start=1):
                name = f"{community_name[:2]}第{'一二三四'[place - 1]}网格"
                found.append(
                    feature(shape, code=f"{community}{place:02}", name=name, level="grid", parent=community)
                )
            whole = unary_union(shapes)
            of_street.append(whole)
            found.append(
                feature(whole, code=community, name=community_name, level="community", parent=street)
            )
        whole = unary_union(of_street)
        everything.append(whole)
        found.append(feature(whole, code=street, name=street_name, level="street", parent=DISTRICT[0]))
    found.append(feature(unary_union(everything), code=DISTRICT[0], name=DISTRICT[1], level="district"))
    return found


def inside(column: int, row: int, across: float, down: float) -> Point:
    shape = grid(column, row)
    west, south, east, north = shape.bounds
    point = Point(round(west + (east - west) * across, 6), round(north - (north - south) * down, 6))
    return point if shape.contains(point) else shape.representative_point()


def names() -> list[dict[str, Any]]:
    found = [feature(inside(c, r, a, d), name=name, kind=kind) for c, r, a, d, name, kind in PLACES]
    for row, name in enumerate(ALONG, start=1):
        found.append(feature(inside(2, row, 0.5, 0.06), name=name, kind="road"))
    for column, name in enumerate(ACROSS, start=1):
        found.append(feature(inside(column, 1, 0.06, 0.5), name=name, kind="road"))
    return found


def background() -> list[dict[str, Any]]:
    """What a map shows beneath: river, roads, parks, water. Not imported; drawn by the pages in demo mode."""
    bank = [point for row in range(ROWS) for point in upright[0, row][:-1]] + [upright[0, ROWS - 1][-1]]
    river = Polygon([*bank, *[(x - 0.0042, y) for x, y in reversed(bank)]])
    found = [feature(river, kind="water", name="青禾江")]
    for row, name in enumerate(ALONG, start=1):
        line = [p for column in range(COLUMNS) for p in level[column, row][:-1]] + [
            level[COLUMNS - 1, row][-1]
        ]
        found.append(feature(LineString(line), kind="road", name=name, width=2))
    for column, name in enumerate(ACROSS, start=1):
        line = [p for row in range(ROWS) for p in upright[column, row][:-1]] + [upright[column, ROWS - 1][-1]]
        found.append(feature(LineString(line), kind="road", name=name, width=3 if "大道" in name else 2))
    for column in range(COLUMNS):
        for row in range(ROWS):
            west, south, east, north = grid(column, row).bounds
            lane = [
                (west + (east - west) * s, (south + north) / 2 + chance.uniform(-0.0004, 0.0004))
                for s in (0.12, 0.5, 0.88)
            ]
            found.append(feature(LineString(rounded(lane)), kind="lane"))
    found.append(feature(inside(0, 0, 0.5, 0.8).buffer(0.0009, 8), kind="park", name="临江公园"))
    found.append(feature(inside(3, 0, 0.5, 0.5).buffer(0.0007, 4), kind="square", name="云台广场"))
    found.append(feature(inside(5, 3, 0.4, 0.6).buffer(0.0013, 6), kind="water", name="南汀水库"))
    return found


def write(name: str, features: list[dict[str, Any]]) -> None:
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in features)
    (HERE / name).write_text(f'{{"type":"FeatureCollection","features":[\n{rows}\n]}}\n', encoding="utf-8")


def main() -> None:
    drawn = areas()
    assert all(a != b for a, b in pairwise(drawn))  # noqa: S101 (a drawing script checks itself)
    write("areas.geojson", [*drawn, *names()])
    write("map.geojson", background())


if __name__ == "__main__":
    main()
