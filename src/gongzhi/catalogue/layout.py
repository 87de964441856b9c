"""Where the boxes and arrows of a procedure go. Pure arithmetic in pixels; `diagram` draws what is decided here.

The main road runs down the middle, other endings stand to its right, side states to its left. Neighbours are joined
straight, others by an elbow, and arrows up or past a neighbour of the same column take a lane of their own.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from gongzhi.catalogue.procedure import Procedure, State, Verb

BOX_WIDTH, ROW_GAP, MARGIN, LANE = 176, 58, 24, 26
LINE, PAD, TITLE, PORT = 15, 12, 20, 19


@dataclass(slots=True)
class Box:
    state: State
    row: int
    column: int
    lines: tuple[str, ...] = ()
    x: float = 0
    y: float = 0
    height: float = 0

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + BOX_WIDTH / 2, self.y + self.height / 2


@dataclass(slots=True)
class Arrow:
    """points: corners of the line. label_at: where the words stand; anchor as in SVG."""

    source: str
    target: str
    words: str
    primary: bool
    points: list[tuple[float, float]] = field(default_factory=list)
    label_at: tuple[float, float] = (0, 0)
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plan:
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def width_of(text: str, size: float = 12) -> float:
    """Rough width in pixels: a Chinese character is one em, others a bit more than half."""
    return sum(size if ord(character) > 0x2E7F else size * 0.56 for character in text)


def wrap(parts: list[str], width: float, joint: str, size: float = 11) -> tuple[str, ...]:
    """Words joined into lines no wider than `width`."""
    lines: list[str] = []
    for part in parts:
        if lines and width_of(lines[-1] + joint + part, size) <= width:
            lines[-1] += joint + part
        else:
            lines.append(part)
    return tuple(lines)


def plan(procedure: Procedure, language: str) -> Plan:
    """The whole drawing for one language."""
    arrows, staying = _arrows(procedure, language)
    boxes = _boxes(procedure, arrows, staying, language)
    gaps = _gaps(boxes, arrows)
    _place(boxes, gaps, _heights(boxes, arrows))
    _route(boxes, arrows)
    right = max([box.x + BOX_WIDTH for box in boxes.values()] + [x for a in arrows for x, _ in a.points])
    bottom = max(box.y + box.height for box in boxes.values())
    return Plan(right + MARGIN, bottom + MARGIN, tuple(boxes.values()), tuple(arrows))


def _arrows(procedure: Procedure, language: str) -> tuple[list[Arrow], dict[str, list[str]]]:
    verbs: dict[tuple[str, str], list[tuple[str, Verb]]] = defaultdict(list)
    staying: dict[str, list[str]] = defaultdict(list)
    for verb in procedure.verbs:
        for start in verb.from_states:
            for target in verb.targets:
                if target and target != start:
                    verbs[(start, target)].append((_words(verb, target, language), verb))
                elif verb.effect != "note":
                    staying[start].append(verb.titles.in_language(language))
    joint = "、" if language.startswith("zh") else ", "
    arrows = [
        Arrow(a, b, joint.join(words for words, _ in found), any(verb.primary for _, verb in found))
        for (a, b), found in verbs.items()
    ]
    return arrows, {state: list(dict.fromkeys(words)) for state, words in staying.items()}


def _words(verb: Verb, target: str, language: str) -> str:
    """The verb, with the choice that leads to this state where a choice does."""
    title = verb.titles.in_language(language)
    for branch in verb.branches:
        field = verb.form_field(branch.field) if branch.to_state == target and branch.field else None
        choice = field.choice(branch.value) if field else None
        if choice:
            word = choice.titles.in_language(language)
            return f"{title}（{word}）" if language.startswith("zh") else f"{title} ({word.lower()})"
    return title


def _boxes(
    procedure: Procedure, arrows: list[Arrow], staying: dict[str, list[str]], language: str
) -> dict[str, Box]:
    order = {state.code: place for place, state in enumerate(procedure.states)}
    rows = dict.fromkeys(order, 0)
    before: dict[str, str] = {}
    for code in order:  # declared along the road: arrows to earlier states go back and do not push rows down
        for arrow in arrows:
            if (
                arrow.source == code
                and order[arrow.target] > order[code]
                and rows[arrow.target] < rows[code] + 1
            ):
                rows[arrow.target], before[arrow.target] = rows[code] + 1, code
    end = max((state.code for state in procedure.states if state.final), key=lambda code: rows[code])
    road = {end}
    while end in before:
        end = before[end]
        road.add(end)
    taken: dict[int, int] = defaultdict(int)
    boxes: dict[str, Box] = {}
    for state in procedure.states:
        column = 0
        if state.code not in road:
            side = 1 if state.final else -1
            taken[rows[state.code] * side + (1000 if side > 0 else -1000)] += 1
            column = side * taken[rows[state.code] * side + (1000 if side > 0 else -1000)]
        joint = "、" if language.startswith("zh") else ", "
        lines = wrap(staying.get(state.code, []), BOX_WIDTH - 2 * PAD, joint)
        boxes[state.code] = Box(state, rows[state.code], column, lines)
    return boxes


def _laned(box: Box, other: Box) -> bool:
    return box.column == other.column and (other.row < box.row or other.row > box.row + 1)


def _gaps(boxes: dict[str, Box], arrows: list[Arrow]) -> dict[int, float]:
    """Width of the gap at the right of each column: room for the widest label and the lanes."""
    columns = {box.column for box in boxes.values()}
    gaps: dict[int, float] = {}
    for column in range(min(columns) - 1, max(columns) + 1):
        words, lanes = 40.0, 0
        for arrow in arrows:
            source, target = boxes[arrow.source], boxes[arrow.target]
            if _laned(source, target):
                inside = source.column - 1 if target.row < source.row else source.column
                lanes += inside == column
                words = max(words, width_of(arrow.words)) if inside == column else words
            elif min(source.column, target.column) <= column < max(source.column, target.column):
                words = max(words, width_of(arrow.words))
        gaps[column] = words + 24 + lanes * LANE
    return gaps


def _heights(boxes: dict[str, Box], arrows: list[Arrow]) -> dict[str, float]:
    """Tall enough for the words inside and for every arrow at the busier of both sides."""
    ends: dict[tuple[str, str], int] = defaultdict(int)
    for arrow in arrows:
        out, into = _sides(boxes[arrow.source], boxes[arrow.target])
        ends[(arrow.source, out)] += 1
        ends[(arrow.target, into)] += 1
    return {
        code: max(
            PAD * 2 + TITLE + LINE * len(box.lines),
            *(PORT * (ends[(code, side)] + 1) for side in ("left", "right")),
        )
        for code, box in boxes.items()
    }


def _place(boxes: dict[str, Box], gaps: dict[int, float], heights: dict[str, float]) -> None:
    columns = sorted({box.column for box in boxes.values()})
    x = MARGIN + gaps.get(columns[0] - 1, 0) * (columns[0] == 0)
    lefts: dict[int, float] = {}
    for column in range(columns[0], columns[-1] + 1):
        lefts[column] = x
        x += BOX_WIDTH + gaps.get(column, 0)
    y = float(MARGIN)
    for row in range(max(box.row for box in boxes.values()) + 1):
        here = [box for box in boxes.values() if box.row == row]
        for box in here:
            box.height = heights[box.state.code]
            box.x, box.y = lefts[box.column], y
        tallest = max((box.height for box in here), default=0)
        for box in here:
            box.y += (tallest - box.height) / 2
        y += tallest + ROW_GAP


def _route(boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    ports = _ports(boxes, arrows)
    lanes: dict[tuple[int, str], int] = defaultdict(int)
    for arrow in sorted(arrows, key=lambda a: abs(boxes[a.source].row - boxes[a.target].row)):
        source, target = boxes[arrow.source], boxes[arrow.target]
        start, end = ports[(arrow.source, arrow.target, "out")], ports[(arrow.source, arrow.target, "in")]
        if _laned(source, target):
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


def _sides(source: Box, target: Box) -> tuple[str, str]:
    if _laned(source, target):
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
        out, into = _sides(source, target)
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
