"""What the drawing of a procedure is made of: boxes and arrows, in pixels."""

from dataclasses import dataclass, field

from gongzhi.catalogue.procedure import State

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


def laned(box: Box, other: Box) -> bool:
    """An arrow up, or past a neighbour, of the same column needs a lane of its own."""
    return box.column == other.column and (other.row < box.row or other.row > box.row + 1)
