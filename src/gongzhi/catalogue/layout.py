"""Where the boxes and arrows of a procedure go. Pure arithmetic in pixels; `diagram` draws what is decided here.

The main road runs down the middle, other endings stand to its right, side states to its left. Neighbours are joined
straight, others by an elbow, and arrows up or past a neighbour of the same column take a lane of their own.
"""

from collections import defaultdict
from dataclasses import dataclass

from gongzhi.catalogue.arrows import route, sides
from gongzhi.catalogue.drawing import (
    BOX_WIDTH,
    LANE,
    LINE,
    MARGIN,
    PAD,
    PORT,
    ROW_GAP,
    TITLE,
    Arrow,
    Box,
    laned,
)
from gongzhi.catalogue.procedure import Procedure, Verb


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
    route(boxes, arrows)
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


def _gaps(boxes: dict[str, Box], arrows: list[Arrow]) -> dict[int, float]:
    """Width of the gap at the right of each column: room for the widest label and the lanes."""
    columns = {box.column for box in boxes.values()}
    gaps: dict[int, float] = {}
    for column in range(min(columns) - 1, max(columns) + 1):
        words, lanes = 40.0, 0
        for arrow in arrows:
            source, target = boxes[arrow.source], boxes[arrow.target]
            if laned(source, target):
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
        out, into = sides(boxes[arrow.source], boxes[arrow.target])
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
