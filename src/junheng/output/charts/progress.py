"""How far a search for a plan is: the best cost found and the proven bound over time, which come to meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.engine.display import shown
from junheng.output.charts.drawing import BLUE, FAINT, GREEN, LINE, Drawing, Path, Words
from junheng.output.charts.plan import Chart

Sample = tuple[int, int | None, int | None]
"""Milliseconds since the search began, the best cost and the bound then (fen), None while there is none."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 260, 90, 150, 40, 220
WAN, TICKS, THOUSAND, LEAST = 1_000_000, 3, 1000, 50


def progress_chart(samples: Sequence[Sample]) -> Chart:
    """Return the chart of a search's samples, in the order of time."""
    drawing = Drawing(WIDTH, HEIGHT, "求解进展：找到的最好方案和已证明的下限")
    known = [cost for _, best, bound in samples for cost in (best, bound) if cost is not None]
    drawing.add(Words(LEFT, 22, "万元", 13, "end", FAINT))
    if not known:
        drawing.add(Words(WIDTH / 2, HEIGHT / 2, "还没有找到方案，也还没有证明下限", 14, "middle", FAINT))
        return Chart(drawing)
    low, high = min(known), max(known)
    # Two costs that are all but the same lie beside each other, not at both ends of the sheet.
    span = max(high - low, high // LEAST, 1)
    middle = (low + high) / 2
    low, high = int(middle - span / 2), int(middle + span / 2)
    scale = _Scale(max(1, samples[-1][0]), low - span / 10, high + span / 10)
    _axes(drawing, scale, low, high)
    for at, colour, told in ((1, BLUE, "最好"), (2, GREEN, "至少")):
        points = list(_steps(samples, at, scale))
        if points:
            drawing.add(Path(tuple(points), colour, 2))
            last = next(one[at] for one in reversed(samples) if one[at] is not None)
            above = -8 if at == 1 else 18
            drawing.add(
                Words(
                    points[-1][0] + 6, points[-1][1] + above, f"{told} {shown((last or 0) / WAN, 2)}", 13, colour=colour
                )
            )
    return Chart(drawing)


class _Scale:
    """Where a time and a cost lie on the sheet."""

    def __init__(self, end: int, low: float, high: float) -> None:
        self.end, self.low, self.high = end, low, high

    def at(self, milliseconds: float, cost: float) -> tuple[float, float]:
        """Return the point."""
        along = LEFT + milliseconds / self.end * (WIDTH - LEFT - RIGHT)
        return along, BOTTOM - (cost - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def _axes(drawing: Drawing, scale: _Scale, low: int, high: int) -> None:
    for tick in range(TICKS + 1):
        cost = low + (high - low) * tick / TICKS
        _, y = scale.at(0, cost)
        drawing.add(Path(((LEFT, y), (WIDTH - RIGHT, y)), LINE))
        drawing.add(Words(LEFT - 8, y + 5, shown(cost / WAN, 2), 13, "end", FAINT))
        x, _ = scale.at(scale.end * tick / TICKS, low)
        drawing.add(Words(x, HEIGHT - 14, f"{scale.end * tick / TICKS / THOUSAND:.1f} 秒", 13, "middle", FAINT))


def _steps(samples: Sequence[Sample], at: int, scale: _Scale) -> Iterator[tuple[float, float]]:
    """Yield a line that stays level until the next sample."""
    level: float | None = None
    for sample in samples:
        value = sample[at]
        if value is None:
            continue
        if level is not None:
            yield scale.at(sample[0], level)
        level = value
        yield scale.at(sample[0], level)
    if level is not None:
        yield scale.at(scale.end, level)
