"""The drawings of a nation's page: how counties divide in each province, and how a spread lies among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS
from junheng.facts.schema import STAGE_LABELS
from junheng.output.charts.drawing import AMBER, BLUE, FAINT, GREEN, LINE, RED, Box, Drawing, Path, Words
from junheng.output.nation import Province, percent
from junheng.output.nation_figures import Spreads

VERDICTS = ("pass", "fail", "undetermined")
COLOURS = {"pass": GREEN, "fail": RED, "undetermined": AMBER}
# The classes of a histogram, and where its last one begins.
STEP, STEPS = 0.05, 16
BAR, LEFT, WHOLE = 24, 90, 620


def shares_chart(own: Sequence[Province]) -> Drawing:
    """Draw how the counties of each province divide by verdict."""
    drawing = Drawing(LEFT + WHOLE + 110, BAR * len(own) + 40, "各省资源配置达标的县所占的比例")
    for at, verdict in enumerate(VERDICTS):
        drawing.add(Box(LEFT + 110 * at, 6, 14, 14, COLOURS[verdict]))
        drawing.add(Words(LEFT + 20 + 110 * at, 18, VERDICT_LABELS[verdict]))
    for at, one in enumerate(own):
        _province(drawing, one, 34 + BAR * at)
    return drawing


def _province(drawing: Drawing, one: Province, y: float) -> None:
    drawing.add(Words(LEFT - 8, y + 14, one.name, anchor="end"))
    x = float(LEFT)
    for verdict, counties in zip(VERDICTS, (one.passed, one.failed, one.undetermined), strict=True):
        width = WHOLE * counties / one.counties
        drawing.add(Box(x, y, width, BAR - 6, COLOURS[verdict]))
        x += width
    told = f"{percent(one.share)}，{one.counties} 县"
    drawing.add(Words(LEFT + WHOLE + 8, y + 14, told, 13, colour=FAINT))


def histogram(one: Spreads, limit: float) -> Drawing:
    """Draw how many counties have which spread, and its limit."""
    counted = Counter(min(STEPS - 1, int(value / STEP)) for value in one.values)
    title = f"{STAGE_LABELS[one.stage]} {one.id}：{one.over:,} 县超过 {shown(limit, 2)}"
    drawing, width, high = Drawing(330, 170, title), 18, 100
    most = max(counted.values(), default=1)
    drawing.add(Words(10, 18, title, 13, bold=True))
    for at in range(STEPS):
        tall = high * counted[at] / most
        drawing.add(Box(20 + width * at, 140 - tall, width - 2, tall, RED if at * STEP >= limit else BLUE))
    drawing.add(Path(((18, 140), (22 + width * STEPS, 140)), LINE))
    mark = 20 + width * limit / STEP
    drawing.add(Path(((mark, 30), (mark, 140)), RED, 1.5, dashed=True))
    for at in range(0, STEPS + 1, 4):
        drawing.add(Words(20 + width * at, 158, shown(at * STEP, 1), 12, "middle", FAINT))
    return drawing
