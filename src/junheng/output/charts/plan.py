"""A plan's charts: what moves where, the frontier of cost, and the spreads before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from junheng.engine.display import shown, shown_beside
from junheng.engine.result import Assessment
from junheng.facts.plan_schema import DEEDS
from junheng.facts.problems import unusable
from junheng.facts.schema import STAGE_LABELS
from junheng.output.charts.drawing import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    LINE,
    RED,
    SERIES,
    Box,
    Dot,
    Drawing,
    Path,
    Words,
    as_svg,
    breadth,
    curve,
    shortened,
)
from junheng.output.charts.png import as_png
from junheng.planner.plan import Plan

WIDTH, EDGE, TOP = 900, 24, 64
ROW, HEAD = 30, 18
NAMES, LONG_NAMES = 210, 290
# Two spreads beside each other, one so near to its limit that it takes eight digits to tell.
FIGURES = 150
WAN = 1_000_000
THICKEST, FLOW = 12, "#91caff"
# A county of hundreds of schools has a picture of its largest ones.
MOST_SHOWN = 40
TICKS = 5


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart, to be shown in a notebook, embedded or saved."""

    drawing: Drawing

    def svg(self) -> str:
        """Return the chart as SVG, which needs nothing beside it."""
        return as_svg(self.drawing)

    def png(self, font: File | None = None) -> bytes:
        """Return the chart as PNG. Raises `Unusable` without Pillow (extra `png`) or without a Chinese font."""
        return as_png(self.drawing, font)

    def save(self, file: str | File, font: File | None = None) -> None:
        """Write the chart as the file's ending says: .svg or .png."""
        target = File(file)
        if target.suffix.lower() == ".svg":
            target.write_text(self.svg(), encoding="utf-8")
        elif target.suffix.lower() == ".png":
            target.write_bytes(self.png(font))
        else:
            raise unusable(str(file), "图只能存成 .svg 或 .png", "请换一个后缀")

    def _repr_svg_(self) -> str:
        """Return what a notebook shows."""
        return self.svg()


def plan_chart(plan: Plan, which: str) -> Chart:
    """Return one of a plan's charts: moves, spreads, or frontier (where its points were asked for).

    Raises `Unusable` where there is no such chart: no plan, no points, another name.
    """
    if which not in CHARTS:
        raise unusable("图", f"没有叫“{which}”的图", f"请写其中之一：{'、'.join(CHARTS)}")
    if plan.cost is None:
        raise unusable("图", "没有方案，画不出图", "请先看办不到的原因")
    if which == "frontier" and not plan.frontier:
        raise unusable("图", "没有算“花多少钱、几所学校达标”", "请在做方案时写 frontier=20（命令行 --frontier 20）")
    return Chart(CHARTS[which](plan))


# --- what moves where -------------------------------------------------------------------------------------------------


def _moves(plan: Plan) -> Drawing:
    moved, costs = _moved(plan), {code: _costs(plan, code) for code in _schools(plan)}
    pairs = dict(moved.most_common(MOST_SHOWN))
    givers, takers = (list(dict.fromkeys(pair[end] for pair in pairs)) for end in (0, 1))
    above = max(len(givers), len(takers)) * ROW + ROW if pairs else 0
    dearest = sorted(costs, key=lambda code: -sum(costs[code].values()))[:MOST_SHOWN]
    bars = {code: own for code, own in costs.items() if code in dearest}
    drawing = Drawing(WIDTH, TOP + above + (len(bars) + 2) * ROW + EDGE, "方案：教师往哪里调，各校办什么")
    _title(drawing)
    if pairs:
        _flows(drawing, plan, pairs, givers, takers)
    _bars(drawing, plan, bars, TOP + above)
    left_out = [f"{len(moved) - len(pairs)} 对交流"] * (len(pairs) < len(moved))
    left_out += [f"{len(costs) - len(bars)} 所学校"] * (len(bars) < len(costs))
    if left_out:
        told = f"较小的没有画出：{'、'.join(left_out)}"
        drawing.add(Words(WIDTH - EDGE, drawing.height - 14, told, 13, "end", FAINT))
    return drawing


def _moved(plan: Plan) -> Counter[tuple[str, str]]:
    moved: Counter[tuple[str, str]] = Counter()
    for one in plan.actions:
        if one.kind == "transfer":
            moved[one.from_school, one.to_school] += one.quantity
    return moved


def _schools(plan: Plan) -> list[str]:
    return list(dict.fromkeys(one.school for one in plan.actions if one.school))


def _flows(
    drawing: Drawing, plan: Plan, pairs: Mapping[tuple[str, str], int], givers: Sequence[str], takers: Sequence[str]
) -> None:
    left, right = EDGE + NAMES, WIDTH - EDGE - NAMES
    most = max(pairs.values())
    for (giver, taker), people in pairs.items():
        start, end = (left + 8, _level(givers.index(giver))), (right - 8, _level(takers.index(taker)))
        drawing.add(Path(curve(start, end), FLOW, 2 + THICKEST * people / most))
        drawing.add(Words(end[0] - 6, end[1] + 5, f"{people} 人", 13, "end", INK, bold=True))
    for side, codes, anchor in ((left, givers, "end"), (right, takers, "start")):
        drawing.add(Words(side, TOP - 2, "调出" if anchor == "end" else "调入", 13, anchor, FAINT))
        for at, code in enumerate(codes):
            drawing.add(Words(side, _level(at) + 5, _name(plan, code), 14, anchor))


def _level(at: int) -> float:
    return TOP + HEAD + at * ROW


def _bars(drawing: Drawing, plan: Plan, costs: Mapping[str, Counter[str]], top: float) -> None:
    """Draw what each school's deeds cost, one colour for each deed."""
    items = [item for item in DEEDS if any(one.item == item and one.school for one in plan.actions)]
    colours = {item: SERIES[at % len(SERIES)] for at, item in enumerate(items)}
    x = float(EDGE)
    for item in items:
        label = DEEDS[item].label
        drawing.add(Box(x, top + 1, 12, 12, colours[item]), Words(x + 17, top + 12, label, 13))
        x += 34 + breadth(label, 13)
    most = max([1, *(sum(own.values()) for own in costs.values())])
    room = WIDTH - 2 * EDGE - NAMES - 110
    for at, (code, own) in enumerate(costs.items(), 1):
        y = top + at * ROW
        drawing.add(Words(EDGE + NAMES, y + 14, _name(plan, code), 14, "end"))
        start = float(EDGE + NAMES + 8)
        for item, cost in own.items():
            drawing.add(Box(start, y, max(1.0, room * cost / most), HEAD, colours[item]))
            start += max(1.0, room * cost / most)
        drawing.add(Words(start + 6, y + 14, f"{shown(sum(own.values()) / WAN, 2)} 万元", 13, colour=FAINT))


def _costs(plan: Plan, school: str) -> Counter[str]:
    own: Counter[str] = Counter()
    for one in plan.actions:
        if one.school == school:
            own[one.item] += one.cost
    return own


def _name(plan: Plan, code: str) -> str:
    return shortened(plan.case.names[code], 14, NAMES - 8)


def _title(drawing: Drawing) -> None:
    drawing.add(Words(EDGE, 32, drawing.title, 18, bold=True))


# --- what so many schools cost ----------------------------------------------------------------------------------------


def _frontier(plan: Plan) -> Drawing:
    drawing = Drawing(WIDTH, 460, "花多少钱，几所学校达标")
    _title(drawing)
    everybody = len(plan.case.schools)
    costs = [(everybody - one.failing, one.cost) for one in plan.frontier]
    most, least = max(one for one, _ in costs), min(one for one, _ in costs)
    place = _Place(least, most, max([1, plan.cost or 0, *(cost for _, cost in costs)]), everybody)
    _axes(drawing, place, sorted({one for one, _ in costs}))
    drawing.add(Path(tuple(place.at(*one) for one in sorted(costs)), BLUE, 2))
    for passing, cost in costs:
        drawing.add(Dot(*place.at(passing, cost), 4, BLUE))
    _marked(drawing, place, plan, most)
    return drawing


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number of schools and a cost lie on the sheet."""

    least: int
    most: int
    cost: int
    everybody: int

    def at(self, schools: int, cost: int) -> tuple[float, float]:
        """Return the point."""
        along = (schools - self.least) / max(1, self.most - self.least)
        return 100 + along * (WIDTH - 190), 390 - cost / self.cost * 300


def _axes(drawing: Drawing, place: _Place, schools: Sequence[int]) -> None:
    step = _round_step(place.cost / WAN / TICKS)
    ticks = [at * step for at in range(TICKS + 1) if at * step * WAN <= place.cost * (1 + 1 / TICKS)]
    for tick in ticks:
        x, y = place.at(place.least, int(tick * WAN))
        drawing.add(Path(((x - 20, y), (WIDTH - 60, y)), LINE), Words(x - 28, y + 5, f"{tick:,g}", 13, "end", FAINT))
    drawing.add(
        Words(EDGE, TOP, "万元", 13, colour=FAINT),
        Words(WIDTH - EDGE, 446, f"达标学校数（共 {place.everybody} 所进入样本）", 13, "end", FAINT),
    )
    last = float("-inf")
    for number in schools:
        x, _ = place.at(number, 0)
        if x - last >= 34:
            drawing.add(Words(x, 414, str(number), 13, "middle", FAINT))
            last = x


def _round_step(least: float) -> float:
    """Return the least of 1, 2, 5 times a power of ten that is not under `least`."""
    steps = (digit * 10**power for power in range(-2, 9) for digit in (1, 2, 5))
    return next(float(step) for step in steps if step >= least)


def _marked(drawing: Drawing, place: _Place, plan: Plan, most: int) -> None:
    """Mark what the whole plan costs, in which the spreads are within their limits too."""
    if plan.status == "infeasible" or plan.cost is None:
        return
    x, y = place.at(most, plan.cost)
    told = f"各校和差异系数都达标 {shown(plan.cost / WAN, 2)} 万元"
    drawing.add(Dot(x, y, 5, GREEN), Words(x - 12, y + 5, told, 13, "end", GREEN, bold=True))


# --- spreads before and after -----------------------------------------------------------------------------------------


def _spreads(plan: Plan) -> Drawing:
    stages = [stage for stage in plan.case.stages if plan.assessment]
    ids = list(plan.case.rules.indicators)
    drawing = Drawing(WIDTH, TOP + len(stages) * (len(ids) + 1) * ROW + 2 * ROW, "校际差异系数：办之前和办之后")
    _title(drawing)
    highest = max([1 / 10, *_all_cvs(plan, stages)]) * (1 + 1 / 20)
    y = float(TOP)
    for stage in stages:
        limit = float(plan.case.rules.spread_limits[stage])
        drawing.add(Words(EDGE, y + 10, STAGE_LABELS[stage], 15, bold=True))
        x = _along(limit, highest)
        drawing.add(Path(((x, y + 14), (x, y + (len(ids) + 1) * ROW - 12)), RED, 1, dashed=True))
        drawing.add(Words(x, y + 8, f"上限 {shown(limit, 2)}", 12, "middle", RED))
        for at, id in enumerate(ids, 1):
            _spread(drawing, plan, stage, id, (y + at * ROW, highest))
        y += (len(ids) + 1) * ROW
    _key(drawing, y + 6)
    return drawing


def _all_cvs(plan: Plan, stages: Sequence[str]) -> list[float]:
    answers = [plan.before, *([plan.assessment] if plan.assessment else [])]
    found = [_cv(one, stage, id) for one in answers for stage in stages for id in plan.case.rules.indicators]
    limits = [float(plan.case.rules.spread_limits[stage]) for stage in stages]
    return [one for one in found if one is not None] + limits


def _cv(answer: Assessment, stage: str, id: str) -> float | None:
    return answer.stages[stage].indicators[id].cv


def _along(value: float, highest: float) -> float:
    return EDGE + LONG_NAMES + 24 + value / highest * (WIDTH - 2 * EDGE - LONG_NAMES - FIGURES)


def _spread(drawing: Drawing, plan: Plan, stage: str, id: str, where: tuple[float, float]) -> None:
    y, highest = where
    rule, decimals = plan.case.rules.indicators[id], plan.case.rules.standard.display.spread_decimals
    drawing.add(Words(EDGE + LONG_NAMES, y + 5, shortened(f"{id} {rule.name}", 13, LONG_NAMES), 13, "end"))
    before, after = (None if one is None else _cv(one, stage, id) for one in (plan.before, plan.assessment))
    if after is None:
        return
    to, limit = _along(after, highest), float(plan.case.rules.spread_limits[stage])
    if before is not None:
        start = _along(before, highest)
        drawing.add(Path(((start, y), (to, y)), LINE, 3), Dot(start, y, 5, AMBER if before <= limit else RED, True))
    drawing.add(Dot(to, y, 5, GREEN if after <= limit else RED))
    right = max(to, to if before is None else _along(before, highest))
    told = [shown_beside(one, limit, decimals) for one in (before, after) if one is not None]
    drawing.add(Words(right + 12, y + 5, " → ".join(told), 12))


def _key(drawing: Drawing, y: float) -> None:
    x = float(EDGE + LONG_NAMES + 24)
    for hollow, colour, told in ((True, AMBER, "办之前"), (False, GREEN, "办之后"), (True, RED, "超过上限")):
        drawing.add(Dot(x, y, 5, colour, hollow), Words(x + 12, y + 5, told, 13, colour=FAINT))
        x += 40 + breadth(told, 13)


CHARTS: Mapping[str, Callable[[Plan], Drawing]] = {"moves": _moves, "spreads": _spreads, "frontier": _frontier}
