"""The spreads within the model: each is a cone, approached from outside by tangents, and only where it would be broken.

With values v_s in units of the threshold, shares of pupils p_s and the mean m = sum(p_s v_s), CV <= c is
sum(p_s (v_s - m)^2) <= c^2 m^2. Written as sum(p_s t_s) <= c^2 m with t_s >= (v_s - m)^2 / m, every section has a
cone of its own, and the tangent to it at the ratio a = v_s / m holds for all m: t_s >= (2 a - 2) v_s + (1 - a^2) m.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from junheng.planner.linear import Program, Sum, total
from junheng.planner.model import Model

# Where tangents are laid before anything is known.
RATIOS = (0.0, 0.5, 0.8, 1.2, 1.6, 2.2, 3.2)
# A deviation this much under its cone gets a tangent; far finer than what is accepted, or the loop would stall.
FINE = 1e-9


@dataclass(slots=True)
class Cone:
    """One spread: its sections' values and shares; once in the program, its variables and the row of its limit."""

    stage: str
    indicator: str
    limit: float
    values: list[Sum]
    shares: list[float]
    mean: Sum | None = None
    deviations: list[Sum] = field(default_factory=list)
    row: int = -1

    def squared(self, found: Sequence[float]) -> float:
        """Return CV squared at the variables' values; without any resource it is without limit."""
        values = [one.at(found) for one in self.values]
        mean = sum(share * value for share, value in zip(self.shares, values, strict=True))
        deviation = sum(share * (value - mean) ** 2 for share, value in zip(self.shares, values, strict=True))
        return deviation / mean**2 if mean > FINE else float("inf")

    def broken(self, found: Sequence[float], tolerance: float) -> bool:
        """Whether the spread is over its limit by more than a relative tolerance of its square."""
        return self.squared(found) > self.limit**2 * (1 + tolerance)

    def enter(self, program: Program) -> None:
        """Put the cone's variables, its limit and the first tangents into the program."""
        values = [program.variable() for _ in self.values]
        for variable, value in zip(values, self.values, strict=True):
            program.keep(variable - value, at_least=0, at_most=0)
        self.values = values
        self.mean = program.variable()
        weighted = total(share * value for share, value in zip(self.shares, values, strict=True))
        program.keep(self.mean - weighted, at_least=0, at_most=0)
        self.deviations = [program.variable() for _ in values]
        self.row = len(program.rows)
        program.keep(self._limit_row(self.limit), at_most=0)
        for at in range(len(values)):
            for ratio in RATIOS:
                self._tangent(program, at, ratio)

    def _limit_row(self, limit: float) -> Sum:
        mean = self.mean or Sum()
        return total(share * one for share, one in zip(self.shares, self.deviations, strict=True)) - limit**2 * mean

    def cut(self, program: Program, found: Sequence[float]) -> None:
        """Lay a tangent where the found values are, at each section whose deviation is too small there."""
        if self.mean is None:
            self.enter(program)
            return
        mean = max(self.mean.at(found), FINE)
        for at, (value, deviation) in enumerate(zip(self.values, self.deviations, strict=True)):
            here, told = value.at(found), deviation.at(found)
            if (here - mean) ** 2 / mean > told + FINE:
                self._tangent(program, at, here / mean)

    def _tangent(self, program: Program, at: int, ratio: float) -> None:
        mean = self.mean or Sum()
        under = self.deviations[at] - (2 * ratio - 2) * self.values[at] - (1 - ratio**2) * mean
        program.keep(under, at_least=0)

    def tightened(self, program: Program, by: float) -> None:
        """Narrow the limit in the program by a relative amount."""
        if self.mean is not None:
            program.rows[self.row] = (self._limit_row(self.limit * (1 - by)).terms, float("-inf"), 0.0)


def cones_of(model: Model, limits: dict[tuple[str, str], Fraction]) -> list[Cone]:
    """Return the cone of each spread in `limits` (by stage and indicator), none of them in the program yet."""
    return [_cone(model, stage, indicator, limit) for (stage, indicator), limit in limits.items()]


def _cone(model: Model, stage: str, indicator: str, limit: Fraction) -> Cone:
    own = model.case.stages[stage]
    pupils = sum(one.pupils for one in own)
    unit = float(model.case.rules.thresholds[indicator][stage])
    values = []
    for one in own:
        line = one.lines[indicator]
        gained = model.gained(one, indicator) * (line.step / line.over / unit)
        values.append(gained + line.have / line.over / unit)
    return Cone(stage, indicator, float(limit), values, [one.pupils / pupils for one in own])


def all_limits(model: Model) -> dict[tuple[str, str], Fraction]:
    """Return the limit of every spread that the rule book asks for."""
    rules = model.case.rules
    return {(stage, id): rules.spread_limits[stage] for stage in model.case.stages for id in rules.indicators}


def tightened(program: Program, cones: Sequence[Cone], by: float) -> Program:
    """Return a copy of the program in which every spread's limit is narrower."""
    copy = replace(program, rows=list(program.rows))
    for cone in cones:
        cone.tightened(copy, by)
    return copy
