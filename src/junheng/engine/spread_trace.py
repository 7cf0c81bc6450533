"""The trace of a spread: every school of the sample with its share, each step, and the bounds while data is missing.

Everything is worked out anew with fractions from the sections' values; a test holds it against the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from junheng.engine.result import Assessment, Section, Spread
from junheng.engine.sensitivity import Sensitivity
from junheng.engine.spread import Bounds, exact_bounds
from junheng.engine.trace import Step, number
from junheng.engine.whatif import exact, members
from junheng.standard.model import Indicator, Rules

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One section of the sample: pupils P, resource x, value X = x / P, weighted square P (X - mean)^2 and its share.

    None is not reported, or not to be known before the others have reported; `in_sample` None may be in it.
    """

    school_code: str
    school_name: str
    in_sample: bool | None
    pupils: int | None
    resource: Fraction | None
    value: Fraction | None
    square: Fraction | None
    share: float | None


@dataclass(frozen=True, slots=True)
class SpreadTrace:
    """Why one spread is what it is. `sensitivity` says for each row what one more unit there does."""

    stage: str
    indicator: Indicator
    rows: tuple[SpreadRow, ...]
    steps: tuple[Step, ...]
    spread: Spread
    bounds: Bounds | None
    reference: str
    sensitivity: tuple[Sensitivity, ...] = ()

    def __repr__(self) -> str:
        told = "算不出" if self.spread.cv is None else f"{self.spread.cv:g}"
        return f"<SpreadTrace {self.stage} {self.indicator.id}：{told}，{len(self.rows)} 校>"


def trace_spread(answer: Assessment, stage: str, indicator: str) -> SpreadTrace:
    """Return the trace of one indicator's spread over a stage."""
    rules = answer.rules
    sample = [one for one in answer.sections if one.stage == stage and one.in_sample is not False]
    known = all(one.in_sample and one.indicators[indicator].value is not None for one in sample)
    mean = _mean(sample, indicator) if known and sample else None
    limit = rules.spread_limits[stage]
    bounds = exact_bounds(members(sample, stage, indicator)) if sample else None
    steps = _whole(sample, indicator, mean, limit) if mean is not None else _open(sample, indicator, limit, bounds)
    one = rules.indicators[indicator]
    return SpreadTrace(
        stage=stage,
        indicator=one,
        rows=tuple(_rows(rules, sample, indicator, mean)),
        steps=tuple(steps),
        spread=answer.stages[stage].indicators[indicator],
        bounds=bounds,
        reference=f"{rules.standard.title}（{rules.standard.number}），校际差异系数",
    )


def _values(sample: Sequence[Section], indicator: str) -> list[tuple[int, Fraction]]:
    """Return pupils and value of the sections that are surely in the sample and have one."""
    found = [(one.pupils, exact(one.indicators[indicator])) for one in sample if one.in_sample]
    return [(pupils, value) for pupils, value in found if pupils is not None and value is not None]


def _mean(sample: Sequence[Section], indicator: str) -> Fraction:
    values = _values(sample, indicator)
    return sum((pupils * value for pupils, value in values), ZERO) / sum(pupils for pupils, _ in values)


def _rows(rules: Rules, sample: Sequence[Section], indicator: str, mean: Fraction | None) -> Iterator[SpreadRow]:
    squares = [pupils * (value - mean) ** 2 for pupils, value in _values(sample, indicator)] if mean is not None else []
    whole = sum(squares, ZERO)
    for at, one in enumerate(sample):
        value = exact(one.indicators[indicator])
        resource = None if value is None or one.pupils is None else value * one.pupils / rules.indicators[indicator].per
        square = squares[at] if squares else None
        share = None if square is None else float(square / whole) if whole else 0.0
        yield SpreadRow(one.school_code, one.school_name, one.in_sample, one.pupils, resource, value, square, share)


def _whole(sample: Sequence[Section], indicator: str, mean: Fraction, limit: Fraction) -> Iterator[Step]:
    """Yield the steps of a sample that has every value."""
    values = _values(sample, indicator)
    pupils = sum(heads for heads, _ in values)
    squares = sum((heads * (value - mean) ** 2 for heads, value in values), ZERO)
    yield Step("学生总数", "各校学生数 P 之和", number(Fraction(pupils)))
    yield Step("县均值", "各校 P × X 之和 ÷ 学生总数", number(mean))
    yield Step("加权平方和", "各校 P ×（X − 县均值）² 之和", number(squares))
    yield Step("标准差", "√（加权平方和 ÷ 学生总数）", _rooted(squares / pupils))
    if not mean:
        yield Step("差异系数", "标准差 ÷ 县均值：各校都是 0，没有意义", None)
        return
    squared = squares / pupils / mean**2
    yield Step("差异系数", "标准差 ÷ 县均值", _rooted(squared))
    yield _compared("差异系数", squared, limit)


def _open(sample: Sequence[Section], indicator: str, limit: Fraction, bounds: Bounds | None) -> Iterator[Step]:
    """Yield the bounds of a sample in which something is missing, with their formula."""
    if bounds is None:
        yield Step("差异系数", "样本里没有一所学校", None)
        return
    open_ones = [one for one in sample if one.in_sample is None]
    if open_ones:
        names = "、".join(one.school_name or one.school_code for one in open_ones)
        yield Step("样本", f"{names}不知是否在内，每种情形都算，取最宽的范围", f"{len(open_ones)} 处未定")
    elif any(one.pupils is None for one in sample):
        yield Step("样本", "有学校没有报在校生数，权重不知道，什么都可能", None)
    else:
        yield from _sums(sample, indicator)
    lowest, highest = (_LOWEST, _HIGHEST) if any(value for _, value in _values(sample, indicator)) else _OF_NOTHING
    yield Step("最小可能", lowest, _rooted(bounds.lowest))
    yield Step("最大可能", highest, "没有上限" if bounds.highest is None else _rooted(bounds.highest))
    if bounds.highest is None or bounds.highest > limit**2 >= bounds.lowest:
        yield Step("与上限比较", f"上限 {number(limit)} 在范围之内", "补齐数据后才能判定")
    elif bounds.lowest > limit**2:
        yield _compared("最小可能", bounds.lowest, limit)
    else:
        yield _compared("最大可能", bounds.highest, limit)


_LOWEST = "未报的学校都取 X* = Q ÷ A：√（（K × Q − A²）÷（A² + M × Q））"
_HIGHEST = "未报的都为 0：√（（K + M）× Q ÷ A² − 1）；或人数最少的一所无限大：√（（K + M）÷ 其人数 − 1）；取大的"
# While no value above 0 is known, A and Q are 0.
_OF_NOTHING = "已报的都是 0 或都没报：√（K ÷ M）", "人数最少的一所无限大：√（（K + M）÷ 其人数 − 1）"


def _sums(sample: Sequence[Section], indicator: str) -> Iterator[Step]:
    values = _values(sample, indicator)
    known = sum(pupils for pupils, _ in values)
    unknown = sum(one.pupils or 0 for one in sample) - known
    yield Step("K", "已报学校的学生数", number(Fraction(known)))
    yield Step("M", "未报学校的学生数", number(Fraction(unknown)))
    yield Step("A", "已报学校 P × X 之和", number(sum((pupils * value for pupils, value in values), ZERO)))
    yield Step("Q", "已报学校 P × X² 之和", number(sum((pupils * value * value for pupils, value in values), ZERO)))


def _compared(what: str, squared: Fraction, limit: Fraction) -> Step:
    within = squared <= limit**2
    formula = f"{what}² {number(squared)} {'≤' if within else '>'} 上限 {number(limit)}² = {number(limit**2)}"
    return Step("与上限比较", formula, "不超过" if within else "超过")


def _rooted(squared: Fraction) -> str:
    """Return a root as a decimal: exactly where it is one, else with ≈."""
    root = sqrt(squared)
    near = Fraction(root).limit_denominator(10**6)
    return number(near) if near * near == squared else f"≈{root:,.6f}"
