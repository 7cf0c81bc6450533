"""The spreads within the model: each is a cone, approached from outside by tangents, and only where it would be broken.

With values v_s in units of the threshold, shares of pupils p_s and the mean m = sum(p_s v_s), CV <= c is
sum(p_s (v_s - m)^2) <= c^2 m^2. Written as sum(p_s t_s) <= c^2 m with t_s >= (v_s - m)^2 / m, every section has a
cone of its own, and the tangent to it at the ratio a = v_s / m holds for all m: t_s >= (2 a - 2) v_s + (1 - a^2) m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from junheng.planner.case import Section
from junheng.planner.linear import Program, Row, Sum, total
from junheng.planner.things import reach_up_to
from junheng.planner.variables import Model

# Where tangents are laid before anything is known.
RATIOS = (0.0, 0.5, 0.8, 1.2, 1.6, 2.2, 3.2)
# A deviation this much under its cone gets a tangent; far finer than what is accepted, or the loop would stall.
FINE = 1e-9


@dataclass(frozen=True, slots=True)
class Member:
    """A section in a spread: its value, its share of the pupils, and the values at which it mostly stands.

    `begun` is 1 where its value may be raised at all, for a fixed price; None where there is none. Else it is `now`.
    """

    value: Sum
    share: float
    now: float
    stands: tuple[float, ...]
    begun: Sum | None = None


@dataclass(slots=True)
class Cone:
    """One spread: its sections' values and shares; once in the program, its variables and the row of its limit."""

    stage: str
    indicator: str
    limit: float
    members: list[Member]
    of_people: bool = False
    mean: Sum | None = None
    values: list[Sum] = field(default_factory=list)
    deviations: list[Sum] = field(default_factory=list)
    splits: dict[int, Split] = field(default_factory=dict)
    row: int = -1

    def squared(self, found: Sequence[float]) -> float:
        """Return CV squared at the variables' values; without any resource it is without limit."""
        told = [(one.share, one.value.at(found)) for one in self.members]
        mean = sum(share * value for share, value in told)
        deviation = sum(share * (value - mean) ** 2 for share, value in told)
        return deviation / mean**2 if mean > FINE else float("inf")

    def broken(self, found: Sequence[float], tolerance: float) -> bool:
        """Whether the spread is over its limit by more than a relative tolerance of its square."""
        return self.squared(found) > self.limit**2 * (1 + tolerance)

    def enter(self, model: Model, found: Sequence[float]) -> None:
        """Put the cone's variables, its limit and the first tangents into the program."""
        program, key = model.program, (self.stage, self.indicator)
        reach_up_to(model, *key, model.useful.highest[key])
        self.values = [_named(program, one.value) for one in self.members]
        self.mean = _named(program, self._weighted(self.values))
        self.deviations = [program.variable() for _ in self.members]
        self.row = len(program.rows)
        program.keep(self._limit_row(self.limit), at_most=0)
        mean = max(self._weighted([one.value for one in self.members]).at(found), FINE)
        for at, one in enumerate(self.members):
            for ratio in (*RATIOS, *(stand / mean for stand in one.stands)):
                self._tangent(program, at, ratio)

    def _weighted(self, sums: Sequence[Sum]) -> Sum:
        return total(one.share * each for one, each in zip(self.members, sums, strict=True))

    def _limit_row(self, limit: float) -> Sum:
        return self._weighted(self.deviations) - limit**2 * (self.mean or Sum())

    def cut(self, model: Model, found: Sequence[float]) -> None:
        """Lay a tangent where the found values are, at each section whose deviation is too small there."""
        if self.mean is None:
            self.enter(model, found)
            return
        mean = max(self.mean.at(found), FINE)
        for at, (value, deviation) in enumerate(zip(self.values, self.deviations, strict=True)):
            here, told = value.at(found), deviation.at(found)
            if (here - mean) ** 2 / mean > told + FINE:
                self._tangent(model.program, at, here / mean)

    def tangents_in(self, program: Program) -> list[Row]:
        """Return the tangents that a program has to this cone's sections, where none is told apart."""
        own = {at for one in self.deviations for at in one.terms}
        return [cut for cut in program.cuts if not own.isdisjoint(cut[0])]

    def _tangent(self, program: Program, at: int, ratio: float) -> None:
        mean = self.mean or Sum()
        if at in self.splits:
            self.splits[at].tangent(program, ratio)
        else:
            program.cut(tangent(self.deviations[at], self.values[at], mean, ratio))

    def split(self, program: Program, low: float, high: float) -> None:
        """Tell each section that may still begin or not apart into both, now that the mean lies between two bounds."""
        mean = self.mean or Sum()
        program.bound(mean, lower=low, upper=high)
        for at, one in enumerate(self.members):
            if one.begun is not None and at not in self.splits:
                self.splits[at] = Split(program, one, self.values[at], self.deviations[at], mean, (low, high))
                for ratio in (*RATIOS, *(stand / mid for stand in one.stands for mid in (low, high))):
                    self.splits[at].tangent(program, ratio)

    def tightened(self, program: Program, by: float) -> None:
        """Narrow the limit in the program by a relative amount."""
        if self.mean is not None:
            program.restate(self.row, self._limit_row(self.limit * (1 - by)), at_most=0)


class Split:
    """A section's cone as the hull of two: it has not begun and stays as it is, or it has, each with its mean.

    With the mean m = m0 + m1, m1 only where begun: t >= t0 + t1, and either has its own tangents, which are far
    stronger than those of the whole where `begun` is a fraction.
    """

    def __init__(
        self, program: Program, one: Member, value: Sum, deviation: Sum, mean: Sum, bounds: tuple[float, float]
    ) -> None:
        low, high = bounds
        begun, not_begun = one.begun or Sum(), 1 + -(one.begun or Sum())
        self._with, self._apart = program.variable(), (program.variable(), program.variable())
        self._without = mean - self._with
        self._values = (one.now * not_begun, value - one.now * not_begun)
        program.keep(self._with - low * begun, at_least=0)
        program.keep(self._with - high * begun, at_most=0)
        program.keep(self._without - low * not_begun, at_least=0)
        program.keep(self._without - high * not_begun, at_most=0)
        program.keep(deviation - self._apart[0] - self._apart[1], at_least=0)

    def tangent(self, program: Program, ratio: float) -> None:
        """Lay a tangent to both cones at a ratio."""
        for apart, value, mean in zip(self._apart, self._values, (self._without, self._with), strict=True):
            program.cut(tangent(apart, value, mean, ratio))


def tangent(deviation: Sum, value: Sum, mean: Sum, ratio: float) -> Sum:
    """Return what is not negative over a cone's tangent at value / mean = ratio."""
    return deviation - (2 * ratio - 2) * value - (1 - ratio**2) * mean


def _named(program: Program, what: Sum) -> Sum:
    """Return a new variable that equals an expression."""
    variable = program.variable()
    program.keep(variable - what, at_least=0, at_most=0)
    return variable


def cones_of(model: Model, limits: dict[tuple[str, str], Fraction]) -> list[Cone]:
    """Return the cone of each spread in `limits` (by stage and indicator), none of them in the program yet."""
    return [_cone(model, stage, indicator, limit) for (stage, indicator), limit in limits.items()]


def _cone(model: Model, stage: str, indicator: str, limit: Fraction) -> Cone:
    own = model.case.stages[stage]
    pupils = sum(one.pupils for one in own)
    members = [_member(model, one, indicator, one.pupils / pupils) for one in own]
    return Cone(stage, indicator, float(limit), members, not model.case.rules.indicators[indicator].apportioned)


def _member(model: Model, section: Section, indicator: str, share: float) -> Member:
    line, deed = section.lines[indicator], model.case.bought.get(indicator)
    unit = float(model.case.rules.thresholds[indicator][section.stage])
    now = line.have / line.over / unit
    value = model.gained(section, indicator) * (line.step / line.over / unit) + now
    stands = (now, *(float(one) / unit for one in (line.floor, line.threshold) if float(one) > now * unit))
    begun = None if deed is None else model.begun.get((section.school, deed.item))
    return Member(value, share, now, stands, begun)


def all_limits(model: Model) -> dict[tuple[str, str], Fraction]:
    """Return the limit of every spread that the rule book asks for."""
    rules = model.case.rules
    return {(stage, id): rules.spread_limits[stage] for stage in model.case.stages for id in rules.indicators}


def tightened(program: Program, cones: Sequence[Cone], by: float) -> Program:
    """Return a copy of the program in which every spread's limit is narrower."""
    copy = program.copy()
    for cone in cones:
        cone.tightened(copy, by)
    return copy


def fixed(program: Program, decided: Mapping[int, int]) -> Program:
    """Return a copy of the program in which some variables have their values."""
    copy = program.copy()
    for at, value in decided.items():
        copy.lower[at] = copy.upper[at] = value
    return copy
