"""What is known once a plan is: between which bounds the means lie in every plan that is cheaper still.

The bounds hold for plans that cost no more than the best so far, and so does what follows from them: above
(1 + limit^2) times the mean a value only widens its spread, so nobody is lifted there without need.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf

from junheng.planner.cones import Cone
from junheng.planner.linear import Sum
from junheng.planner.solver import Relaxation
from junheng.planner.things import reach_up_to
from junheng.planner.variables import Model

# The engine's own tolerance, many times over.
SAFE = 1e-6


def narrow(model: Model, cones: Sequence[Cone], cost: float) -> None:
    """Bring everything that follows from plans of at most this cost into the program."""
    entered = [cone for cone in cones if cone.mean is not None]
    for cone, (low, high) in zip(entered, means_between(model, entered, cost), strict=True):
        if high < inf:
            cone.split(model.program, low, high)
            reach_up_to(model, cone.stage, cone.indicator, useful_level(model, cone, high))


def means_between(model: Model, cones: Sequence[Cone], cost: float) -> list[tuple[float, float]]:
    """Return the least and the greatest mean of each cone in the relaxation, at no more than a cost."""
    cheaper = model.program.copy()
    cheaper.keep(model.program.cost, at_most=cost * (1 + SAFE))
    relaxation = Relaxation(cheaper)
    relaxation.solve()
    return [(_least(relaxation, cone.mean or Sum(), 1), _least(relaxation, cone.mean or Sum(), -1)) for cone in cones]


def _least(relaxation: Relaxation, mean: Sum, sign: int) -> float:
    """Return the least mean, or with -1 the greatest; what is always true where the engine fails."""
    solved = relaxation.solve(sign * mean)
    if not solved.values:
        return 0.0 if sign > 0 else inf
    return max(0.0, sign * (solved.cost - SAFE * abs(solved.cost)))


def useful_level(model: Model, cone: Cone, mean: float) -> Fraction:
    """Return the level above which nobody is lifted where the mean is at most so much (in units of the threshold)."""
    key, unit = (cone.stage, cone.indicator), model.case.rules.thresholds[cone.indicator][cone.stage]
    above = Fraction((1 + cone.limit**2) * mean * (1 + SAFE)) * unit
    return min(model.levels[key], max(above, model.useful.thresholds[key]))
