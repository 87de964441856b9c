"""How the arrows of a procedure run between its boxes: which side they leave, which lane they take."""

from collections import defaultdict

from gongzhi.catalogue.drawing import BOX_WIDTH, LANE, Arrow, Box, laned


def route(boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    """Give every arrow its corners and a place for its words; the boxes have theirs already."""
    ports = _ports(boxes, arrows)
    lanes: dict[tuple[int, str], int] = defaultdict(int)
    for arrow in sorted(arrows, key=lambda a: abs(boxes[a.source].row - boxes[a.target].row)):
        source, target = boxes[arrow.source], boxes[arrow.target]
        start, end = ports[(arrow.source, arrow.target, "out")], ports[(arrow.source, arrow.target, "in")]
        if laned(source, target):
            side = "left" if target.row < source.row else "right"
            lanes[(source.column, side)] += 1
            reach = 10 + LANE * lanes[(source.column, side)]
            x = source.x - reach if side == "left" else source.x + BOX_WIDTH + reach
            arrow.points = [start, (x, start[1]), (x, end[1]), end]
            arrow.label_at = (start[0] + (-8 if side == "left" else 8), start[1] - 5)
            arrow.anchor = "end" if side == "left" else "start"
        elif source.column == target.column:
            arrow.points = [start, (start[0], end[1])]
            arrow.label_at, arrow.anchor = (start[0] + 8, (start[1] + end[1]) / 2 + 4), "start"
        elif source.row == target.row:
            y = min(max(start[1], target.y + 10), target.y + target.height - 10)
            arrow.points = [(start[0], y), (end[0], y)]
            arrow.label_at = ((start[0] + end[0]) / 2, y - 5)
        else:
            _elbow(arrow, source, target, start, end)


def _elbow(
    arrow: Arrow, source: Box, target: Box, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """The middle column is left and entered sideways; side columns from above or below."""
    if abs(source.column) < abs(target.column):
        arrow.points = [start, (end[0], start[1]), end]
        right = target.column > source.column
        arrow.label_at = (start[0] + (8 if right else -8), start[1] - 5)
        arrow.anchor = "start" if right else "end"
    else:
        arrow.points = [start, (start[0], end[1]), end]
        right = source.column > target.column
        arrow.label_at = (start[0] + (-8 if right else 8), end[1] - 5)
        arrow.anchor = "end" if right else "start"


def sides(source: Box, target: Box) -> tuple[str, str]:
    """The side an arrow leaves its source by, and the side it enters its target by."""
    if laned(source, target):
        side = "left" if target.row < source.row else "right"
        return side, side
    if source.column == target.column:
        return "bottom", "top"
    right = target.column > source.column
    if source.row == target.row:
        return ("right", "left") if right else ("left", "right")
    down = target.row > source.row
    if abs(source.column) < abs(target.column):
        return ("right" if right else "left"), ("top" if down else "bottom")
    return ("bottom" if down else "top"), ("left" if right else "right")


def _ports(boxes: dict[str, Box], arrows: list[Arrow]) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Where each arrow leaves and enters: spread evenly over a side, in the order of where the other end lies."""
    used: dict[tuple[str, str], list[tuple[tuple[float, float], tuple[str, str, str]]]] = defaultdict(list)
    for arrow in arrows:
        source, target = boxes[arrow.source], boxes[arrow.target]
        out, into = sides(source, target)
        used[(arrow.source, out)].append((_order(out, target), (arrow.source, arrow.target, "out")))
        used[(arrow.target, into)].append((_order(into, source), (arrow.source, arrow.target, "in")))
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    for (code, side), ends in used.items():
        box = boxes[code]
        for place, (_, key) in enumerate(sorted(ends), start=1):
            share = place / (len(ends) + 1)
            if side in ("left", "right"):
                found[key] = (box.x + (BOX_WIDTH if side == "right" else 0), box.y + box.height * share)
            else:
                found[key] = (box.x + BOX_WIDTH * share, box.y + (box.height if side == "bottom" else 0))
    return found


def _order(side: str, other: Box) -> tuple[float, float]:
    x, y = other.middle
    return (y, x) if side in ("left", "right") else (x, y)
