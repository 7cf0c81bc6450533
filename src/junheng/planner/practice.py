"""What the practice costs: each school buys what it lacks, then the lowest are raised until the spreads fit."""

from __future__ import annotations

from fractions import Fraction

from junheng.planner.case import Case
from junheng.planner.model import build
from junheng.planner.solver import solve
from junheng.planner.steps import Steps, read, values, within
from junheng.planner.variables import Ask, Key

ROUNDS = 8
# A level is found to this share of the highest value.
FINENESS = 2**20
Levels = dict[tuple[Key, str], int]


def practice_cost(case: Case) -> int | None:
    """Return what it costs (fen) that each school buys every threshold, without transfers, limits left aside.

    Where a spread is then too wide, the lowest schools are raised to one level. None where that does not help either.
    """
    levels: Levels = {}
    for _ in range(ROUNDS):
        model = build(case, Ask(transfers=False, limits=False, may_miss=False, least=levels))
        solved = solve(model.program)
        if not solved.values:
            return None
        steps = read(model, solved.values)
        raised = {**levels, **_raised(case, steps)}
        if raised == levels:
            return steps.cost(case) if _holds(case, steps) else None
        levels = raised
    return None


def _holds(case: Case, steps: Steps) -> bool:
    spreads = [(stage, id) for stage in case.stages for id in case.rules.indicators]
    return all(within(values(case, steps, *one), case.rules.spread_limits[one[0]]) for one in spreads)


def _raised(case: Case, steps: Steps) -> Levels:
    """Return what sections must gain so that each spread that is too wide fits, by raising the lowest alone."""
    found: Levels = {}
    for stage in case.stages:
        for id in case.rules.indicators:
            sample = values(case, steps, stage, id)
            if not within(sample, case.rules.spread_limits[stage]):
                found |= _to_level(case, steps, stage, id, _level(sample, case.rules.spread_limits[stage]))
    return found


def _level(sample: list[tuple[int, Fraction]], limit: Fraction) -> Fraction:
    """Return the lowest level to which the lowest must be raised, by halving; at the highest value all are alike."""
    low, high = Fraction(0), max(value for _, value in sample)
    fineness = high / FINENESS
    while high - low > fineness:
        level = (low + high) / 2
        if within([(pupils, max(value, level)) for pupils, value in sample], limit):
            high = level
        else:
            low = level
    return high


def _to_level(case: Case, steps: Steps, stage: str, indicator: str, level: Fraction) -> Levels:
    return {
        (one.key, indicator): one.lines[indicator].gained(level)
        for one in case.stages[stage]
        if one.lines[indicator].value(steps.gained(case, one, indicator)) < level
    }
