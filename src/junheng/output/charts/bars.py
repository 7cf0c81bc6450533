"""Figures beside their limits: one bar for each, the limit marked across it, and the figure in words at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.output.charts.drawing import AMBER, FAINT, GREEN, INK, LINE, RED, Box, Drawing, Path, Words, shortened
from junheng.output.charts.plan import Chart

WIDTH, EDGE, TOP, ROW, THICK = 640, 12, 44, 34, 16
NAMES, FIGURES, SIZE = 280, 135, 15
# Kept, not kept, and not known: sign and colour, so that colour never tells alone.
SIGNS = {True: ("✓", GREEN), False: ("✗", RED), None: ("?", AMBER)}


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: its name, its value (None: not known), its limit, how it is written, and if the limit is kept."""

    label: str
    value: float | None
    limit: float
    told: str
    kept: bool | None


def bars_chart(title: str, bars: Sequence[Bar]) -> Chart:
    """Return figures beside their limits as a chart; all are drawn to one scale."""
    drawing = Drawing(WIDTH, TOP + ROW * max(1, len(bars)) + EDGE, title)
    drawing.add(Words(EDGE, 26, title, 17, bold=True))
    if not bars:
        drawing.add(Words(EDGE, TOP + 18, "没有可画的数", SIZE, colour=FAINT))
        return Chart(drawing)
    room = WIDTH - 2 * EDGE - NAMES - FIGURES
    most = max(max(one.value or 0, one.limit) for one in bars) or 1
    for at, one in enumerate(bars):
        _bar(drawing, one, TOP + at * ROW, room / most)
    return Chart(drawing)


def spreads_chart(stage: str, bars: Sequence[Bar]) -> Chart:
    """Return a stage's spreads beside their limits: the chart of boards and of reports."""
    return bars_chart(f"{stage}差异系数（竖线是上限）", bars)


def _bar(drawing: Drawing, one: Bar, top: float, scale: float) -> None:
    left, (sign, colour) = EDGE + NAMES, SIGNS[one.kept]
    drawing.add(Words(left - 8, top + 14, shortened(one.label, SIZE, NAMES - 12), SIZE, "end"))
    drawing.add(Box(left, top, one.limit * scale, THICK, LINE))
    if one.value is not None:
        drawing.add(Box(left, top + 3, max(1.0, one.value * scale), THICK - 6, colour))
    across = left + one.limit * scale
    drawing.add(Path(((across, top - 4), (across, top + THICK + 4)), INK, 2))
    drawing.add(Words(WIDTH - EDGE, top + 14, f"{sign} {one.told}", SIZE, "end", colour, bold=one.kept is False))
