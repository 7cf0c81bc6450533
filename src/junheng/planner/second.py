"""A second engine for the same mathematics: SCIP, which takes the spreads as they are, without tangents.

It shares the model with the first and nothing of its search: what both say does not hang on one engine's faults. Its
library is optional (the extra `scip`), and is only ever run in a process of its own, for it may break off any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import inf
from time import monotonic
from typing import Any

from junheng.facts.problems import unusable
from junheng.planner.case import Case
from junheng.planner.cones import all_limits, cones_of
from junheng.planner.linear import Sum
from junheng.planner.model import build
from junheng.planner.search import Found, Search
from junheng.planner.things import reach_up_to
from junheng.planner.variables import FEN_IN_WAN, Model

LIBRARY = "pyscipopt"
# How far outside a row solutions may lie. Of two hundred counties its linear solver gave one up at the first.
OUTSIDE = (1e-9, 1e-8)
# So much of the time it may search: what it found until then has to be told before the process is ended.
SEARCHING = 0.95


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second engine came to: its least cost (fen; without end where it has none) and the bound that it proved.

    `impossible` tells that it proved that there is no plan. `found` is the plan that its solution comes to once spreads
    are kept exactly; None where none does.
    """

    cost: float = inf
    bound: float = -inf
    impossible: bool = False
    found: Found | None = None


def require_library() -> None:
    """Raise `Unusable` where the second engine is not installed."""
    if find_spec(LIBRARY) is None:
        remedy = "请安装 junheng 的 scip 组件（pip install 'junheng[scip]'），或去掉这个选项，方案照样核对"
        raise unusable("--second-engine", f"没有安装另一个求解器（{LIBRARY}）", remedy, value="SCIP")


def second_opinion(case: Case, gap: float, seconds: float = inf) -> Opinion:
    """Return what SCIP says of a case, solved to a relative gap, within so many seconds."""
    model, end = build(case), monotonic() + seconds * SEARCHING
    for (stage, indicator), level in model.useful.highest.items():
        reach_up_to(model, stage, indicator, level)
    try:
        return _opinion(model, gap, end, OUTSIDE[0])
    except Exception as error:  # the library has no type of its own
        if "error in LP solver" not in str(error):
            raise
        return _opinion(model, gap, end, OUTSIDE[1])


def _opinion(model: Model, gap: float, end: float, outside: float) -> Opinion:
    import pyscipopt

    engine = pyscipopt.Model()
    engine.hideOutput()
    engine.setParam("limits/gap", gap)
    engine.setParam("numerics/feastol", outside)
    variables = _stated(pyscipopt.quicksum, engine, model)
    if end < inf:
        engine.setParam("limits/time", max(end - monotonic(), 0.0))
    engine.optimizeNogil()  # so that this process hears when it is no longer wanted
    if engine.getStatus() == "infeasible":
        return Opinion(bound=inf, impossible=True)
    bound = engine.getDualbound()
    bound = bound * FEN_IN_WAN if not engine.isInfinity(abs(bound)) else -inf
    if not engine.getNSols():
        return Opinion(bound=bound)
    values = [engine.getVal(one) for one in variables]
    plan = Search(model, all_limits(model), gap).made_of(values)
    return Opinion(engine.getObjVal() * FEN_IN_WAN, bound, found=plan)


def _stated(quicksum: Any, engine: Any, model: Model) -> list[Any]:
    """State the model to the engine, spreads and all; return the program's variables."""
    program = model.program
    variables = [
        engine.addVar(lb=lower, ub=None if upper == inf else upper, vtype="I" if whole else "C")
        for lower, upper, whole in zip(program.lower, program.upper, program.whole, strict=True)
    ]

    def stated(one: Sum) -> Any:
        return quicksum(factor * variables[at] for at, factor in one.terms.items()) + one.constant

    for terms, least, most in program.rows:
        row = stated(Sum(terms))
        if terms and least > -inf:
            engine.addCons(row >= least)
        if terms and most < inf:
            engine.addCons(row <= most)
    for cone in cones_of(model, all_limits(model)):
        values = [stated(one.value) for one in cone.members]
        _spread(quicksum, engine, values, [one.share for one in cone.members], cone.limit)
    engine.setObjective(stated(program.cost), "minimize")
    return variables


def _spread(quicksum: Any, engine: Any, values: Sequence[Any], shares: Sequence[float], limit: float) -> None:
    """Keep sum(p (v - m)^2) <= (c m)^2, in variables of its own."""
    mean = engine.addVar(lb=0)
    engine.addCons(mean == quicksum(share * value for share, value in zip(shares, values, strict=True)))
    apart = [engine.addVar(lb=None) for _ in values]
    for one, value in zip(apart, values, strict=True):
        engine.addCons(one == value - mean)
    squares = quicksum(share * one * one for share, one in zip(shares, apart, strict=True))
    engine.addCons(squares <= limit**2 * mean * mean)
