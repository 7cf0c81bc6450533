"""How many schools stand a hair above a line, and how many a hair below: over a county, not school by school.

The caliper test: close to a line nothing but chance decides on which side of it a figure falls, so that of n figures
no more than half are to be expected above; how improbable more are is the exact tail of the binomial distribution.
A. Gerber and N. Malhotra, Do Statistical Reporting Standards Affect What Is Published?, Quarterly Journal of Political
Science 3 (2008). Whoever builds up to a line on purpose crowds above it as well: a crowd is no proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from junheng.engine.result import Assessment, Measured


@dataclass(frozen=True, slots=True)
class Crowd:
    """One indicator of a stage: the codes of the schools within a margin on either side of its line.

    `chance` is the probability that of so many at least as many are on the line or above it, if each is with a half.
    """

    stage: str
    indicator: str
    line: Fraction
    above: tuple[str, ...]
    below: tuple[str, ...]
    chance: Fraction


def crowds(answer: Assessment, margin: Fraction) -> tuple[Crowd, ...]:
    """Return both sides of each line, by stage and indicator; `margin` is a share of the line.

    Only lines near which somebody stands, and sections in the sample; every value is exact.
    """
    return tuple(
        one
        for stage in answer.stages
        for id in answer.rules.indicators
        if (one := _crowd(answer, stage, id, margin)).above or one.below
    )


def _crowd(answer: Assessment, stage: str, id: str, margin: Fraction) -> Crowd:
    line = answer.rules.thresholds[id][stage]
    near = [
        (code, value)
        for code, value in _values(answer, stage, id)
        if line * (1 - margin) <= value <= line * (1 + margin)
    ]
    above = tuple(code for code, value in near if value >= line)
    below = tuple(code for code, value in near if value < line)
    return Crowd(stage, id, line, above, below, tail(len(near), len(above)))


def _values(answer: Assessment, stage: str, id: str) -> Iterator[tuple[str, Fraction]]:
    for section in answer.sections:
        one: Measured = section.indicators[id]
        if section.stage == stage and section.in_sample and one.have is not None and one.over:
            yield section.school_code, Fraction(one.have, one.over)


def tail(tossed: int, least: int) -> Fraction:
    """Return the probability of at least so many heads of a fair coin that is tossed so often, exactly."""
    return Fraction(sum(comb(tossed, heads) for heads in range(least, tossed + 1)), 2**tossed)
