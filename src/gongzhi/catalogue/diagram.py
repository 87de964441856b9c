"""A procedure as one inline SVG: no script, no style attribute (the pages' CSP allows neither), words as text."""

from collections.abc import Iterator
from html import escape

from gongzhi.catalogue.drawing import BOX_WIDTH, LINE, Arrow, Box
from gongzhi.catalogue.layout import plan
from gongzhi.catalogue.procedure import Procedure

_FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_FILL = {
    "intake": ("#eef4fb", "#5b87b8"),
    "dispatch": ("#f1eefb", "#7c6bb5"),
    "handling": ("#fdf4e3", "#b98a2e"),
    "review": ("#eaf6f4", "#3f8f83"),
    "appraisal": ("#fbeef3", "#b0577e"),
    "closed": ("#f1f3f4", "#6b757d"),
}
_RADIUS = 7


def svg(procedure: Procedure, language: str, *, current: str = "") -> str:
    """The state diagram in "zh-hans" or "en". current: code of a state to mark (a case page shows where it stands).

    Safe to put into a page as it is: every word is escaped.
    """
    drawn = plan(procedure, language)
    id_ = f"procedure-{escape(procedure.code)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-diagram" role="img" viewBox="0 0 {drawn.width:.0f} '
        f'{drawn.height:.0f}" width="{drawn.width:.0f}" height="{drawn.height:.0f}" aria-labelledby="{id_}-title '
        f'{id_}-desc" font-family="{_FONT}" font-size="12" fill="#2b3138">',
        f'<title id="{id_}-title">{escape(procedure.titles.in_language(language))}</title>',
        f'<desc id="{id_}-desc">{escape(describe(procedure, language))}</desc>',
        f"<defs>{_head(id_, 'main', '#2f5d8c')}{_head(id_, 'side', '#8a939b')}</defs>",
        '<g fill="none">',
        *(_line(arrow, id_) for arrow in drawn.arrows),
        "</g>",
        *(_box(box, language, box.state.code == current, procedure.initial) for box in drawn.boxes),
        *(_label(arrow) for arrow in drawn.arrows),
        "</svg>",
    ]
    return "".join(parts)


def describe(procedure: Procedure, language: str) -> str:
    """The same in sentences, for screen readers and for the docs: state by state, what may be done and where it leads."""
    return " ".join(_sentences(procedure, language))


def _sentences(procedure: Procedure, language: str) -> Iterator[str]:
    chinese = language.startswith("zh")
    title = {state.code: state.titles.in_language(language) for state in procedure.states}
    for state in procedure.states:
        ways = []
        for verb in procedure.verbs_from(state.code):
            ends = [title[target] for target in verb.targets if target and target != state.code]
            name = verb.titles.in_language(language)
            ways.append(f"{name} → {'/'.join(ends)}" if ends else name)
        if ways:
            yield (
                (f"{title[state.code]}：" + "；".join(ways) + "。")
                if chinese
                else (f"{title[state.code]}: " + "; ".join(ways) + ".")
            )


def _head(id_: str, kind: str, colour: str) -> str:
    return (
        f'<marker id="{id_}-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
    )


def _line(arrow: Arrow, id_: str) -> str:
    kind, colour, width = ("main", "#2f5d8c", "1.8") if arrow.primary else ("side", "#8a939b", "1.3")
    return (
        f'<path class="procedure-arrow" d="{_rounded(arrow.points)}" stroke="{colour}" stroke-width="{width}" '
        f'marker-end="url(#{id_}-{kind})"/>'
    )


def _rounded(points: list[tuple[float, float]]) -> str:
    """Straight pieces with round corners."""
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_RADIUS, _length(before, corner) / 2, _length(corner, after) / 2)
        into, out = _towards(corner, before, radius), _towards(corner, after, radius)
        path.append(f"L{into[0]:.1f} {into[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {out[0]:.1f} {out[1]:.1f}")
    path.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(path)


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(a: tuple[float, float], b: tuple[float, float], far: float) -> tuple[float, float]:
    whole = _length(a, b) or 1
    return a[0] + (b[0] - a[0]) * far / whole, a[1] + (b[1] - a[1]) * far / whole


def _box(box: Box, language: str, current: bool, initial: str) -> str:
    fill, edge = _FILL[box.state.stage]
    width = 2.6 if current else 1.8 if box.state.code == initial else 1.2
    shape = (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX_WIDTH}" height="{box.height:.1f}" '
        f'rx="{20 if box.state.final else 8}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'
    )
    x, y = box.x + BOX_WIDTH / 2, box.y + (box.height - LINE * len(box.lines)) / 2 + 4
    lines = [
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="14" font-weight="600">'
        f"{escape(box.state.titles.in_language(language))}</text>"
    ]
    for place, line in enumerate(box.lines, start=1):
        lines.append(
            f'<text x="{x:.1f}" y="{y + 3 + LINE * place:.1f}" text-anchor="middle" font-size="11" fill="#59636c">'
            f"{escape(line)}</text>"
        )
    kind = " procedure-state-current" if current else ""
    return f'<g class="procedure-state{kind}">{shape}{"".join(lines)}</g>'


def _label(arrow: Arrow) -> str:
    x, y = arrow.label_at
    return (
        f'<text class="procedure-word" x="{x:.1f}" y="{y:.1f}" text-anchor="{arrow.anchor}" stroke="#ffffff" '
        f'stroke-width="4" stroke-linejoin="round" paint-order="stroke">{escape(arrow.words)}</text>'
    )
