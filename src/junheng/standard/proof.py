"""The proof that every comparison of a document fits in 64-bit integers, for the largest facts that are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from junheng.facts.problems import Problem, Unusable
from junheng.facts.schema import MEASURES, STAGES, Kind
from junheng.standard.model import Indicator, Standard

LARGEST = 2**63 - 1


def prove_fits(standard: Standard) -> None:
    """Raise `Unusable` naming each threshold for which a comparison or a gap could overflow a BIGINT."""
    problems = [
        Problem(
            f"{standard.id}/indicators/{indicator.id}.yaml",
            f"可以受理的最大数据会让 {line} 的比较超出 64 位整数",
            "请减少小数位数或每多少人的基数",
            column="thresholds",
        )
        for indicator in standard.indicators.values()
        for line in _lines(standard, indicator)
        if largest_intermediate(standard, indicator, line) > LARGEST
    ]
    if problems:
        raise Unusable(problems)


def _lines(standard: Standard, indicator: Indicator) -> Iterator[Fraction]:
    for values in indicator.thresholds.values():
        for stage in STAGES:
            yield values[stage]
            yield values[stage] * standard.floor


def largest_intermediate(standard: Standard, indicator: Indicator, line: Fraction) -> int:
    """Return a bound on every integer that the engine forms while it compares `indicator` with `line`.

    The engine forms have * denominator and numerator * over, and, for a gap, their difference plus one step less one.
    """
    measure = indicator.measured.measure
    weights = standard.apportioning.values() if indicator.apportioned else [1]
    have = len(indicator.terms) * measure.maximum * measure.scale * indicator.per * max(weights)
    over = sum(weights) * MEASURES[Kind.COUNT].maximum * measure.scale
    step = measure.scale * indicator.per * max(weights)
    return (have + step) * line.denominator + over * line.numerator
