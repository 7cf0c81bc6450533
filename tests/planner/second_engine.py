"""Another engine for the same mathematics: SCIP, which takes the spreads as they are, without tangents."""

from __future__ import annotations

from math import inf
from typing import Any

from junheng.planner.case import Case
from junheng.planner.cones import all_limits, cones_of
from junheng.planner.model import build
from junheng.planner.things import reach_up_to
from junheng.planner.variables import FEN_IN_WAN

# How far outside a row solutions may lie. Of two hundred counties its linear solver gave one up at the first.
OUTSIDE = (1e-9, 1e-8)


def least_cost(case: Case, gap: float) -> float:
    """Return the least cost (fen) that SCIP finds, without end where it proves that there is none."""
    try:
        return _least_cost(case, gap, OUTSIDE[0])
    except Exception as error:  # the library has no type of its own
        if "error in LP solver" not in str(error):
            raise
        return _least_cost(case, gap, OUTSIDE[1])


def _least_cost(case: Case, gap: float, outside: float) -> float:
    import pyscipopt

    model = build(case)
    for (stage, indicator), level in model.useful.highest.items():
        reach_up_to(model, stage, indicator, level)
    engine = pyscipopt.Model()
    engine.hideOutput()
    engine.setParam("limits/gap", gap)
    engine.setParam("numerics/feastol", outside)
    program, bounds = model.program, zip(model.program.lower, model.program.upper, model.program.whole, strict=True)
    variables = [
        engine.addVar(lb=lower, ub=None if upper == inf else upper, vtype="I" if whole else "C")
        for lower, upper, whole in bounds
    ]
    for terms, least, most in program.rows:
        row = pyscipopt.quicksum(factor * variables[at] for at, factor in terms.items())
        if terms and least > -inf:
            engine.addCons(row >= least)
        if terms and most < inf:
            engine.addCons(row <= most)
    for cone in cones_of(model, all_limits(model)):
        values = [
            pyscipopt.quicksum(factor * variables[at] for at, factor in one.value.terms.items()) + one.value.constant
            for one in cone.members
        ]
        _spread(pyscipopt, engine, values, [one.share for one in cone.members], cone.limit)
    cost = pyscipopt.quicksum(factor * variables[at] for at, factor in program.cost.terms.items())
    engine.setObjective(cost + program.cost.constant, "minimize")
    engine.optimize()
    return inf if engine.getStatus() == "infeasible" else engine.getObjVal() * FEN_IN_WAN


def _spread(scip: Any, engine: Any, values: list[Any], shares: list[float], limit: float) -> None:
    """Keep sum(p (v - m)^2) <= (c m)^2, in variables of its own."""
    quicksum = scip.quicksum
    mean = engine.addVar(lb=0)
    engine.addCons(mean == quicksum(share * value for share, value in zip(shares, values, strict=True)))
    apart = [engine.addVar(lb=None) for _ in values]
    for one, value in zip(apart, values, strict=True):
        engine.addCons(one == value - mean)
    squares = quicksum(share * one * one for share, one in zip(shares, apart, strict=True))
    engine.addCons(squares <= limit**2 * mean * mean)
