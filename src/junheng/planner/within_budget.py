"""The best within a budget that does not reach: fewest failing schools, then the smallest worst shortfall, then cost.

Spreads are left aside here: with schools given up they mean little, and the engine's answer tells what they are.
"""

from __future__ import annotations

from dataclasses import replace

from junheng.planner.case import Case
from junheng.planner.linear import Sum, total
from junheng.planner.model import build
from junheng.planner.search import Found
from junheng.planner.solver import Solved, solve
from junheng.planner.steps import read
from junheng.planner.variables import Ask, Model

SECONDS = 60.0
# By so much an aim that has been reached may be missed while the next is pursued.
EASE = 1e-6


def best_within(case: Case) -> Found | None:
    """Return the best plan within the limits; None where even giving every school up does not help.

    Where the money does not reach for the rooms that schools lack in any case, those are left out.
    """
    return _best(case, rooms=True) or _best(replace(case, shorts={}, new_classes={}), rooms=False)


def _best(case: Case, *, rooms: bool) -> Found | None:
    model = build(case, Ask(failing=True))
    worst = model.program.variable(1)
    _no_worse_than(model, worst)
    cost, failing = model.program.cost, total(model.failed.values())
    solved = _first(model, failing, Solved((), 0, 0))
    if not solved.values:
        return None
    model.program.keep(failing, at_most=round(failing.at(solved.values)))
    solved = _first(model, worst, solved)
    model.program.keep(worst, at_most=worst.at(solved.values) + EASE)
    solved = _first(model, cost, solved)
    steps = replace(read(model, solved.values), rooms=rooms)
    return Found(steps, steps.cost(case))


def _first(model: Model, aim: Sum, before: Solved) -> Solved:
    """Return the solution that is best by one aim; the one before where time runs out."""
    model.program.cost = aim
    solved = solve(model.program, gap=1e-4, seconds=SECONDS, start=before.values)
    return solved if solved.values else before


def _no_worse_than(model: Model, worst: Sum) -> None:
    """Every value of every section reaches its floor but for a share of it, the worst of all."""
    for section in model.case.sections:
        for indicator, line in section.lines.items():
            scale = float(line.floor) * line.over
            value = model.gained(section, indicator) * (line.step / scale) + line.have / scale
            model.program.keep(value + worst, at_least=1)
