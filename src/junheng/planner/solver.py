"""The engine under the planner, HiGHS: one program in, values and a proven bound out. Only this room knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from junheng.planner.linear import Program

ENDLESS = 1e30
SECONDS_AT_MOST = 3600.0


@dataclass(frozen=True, slots=True)
class Solved:
    """What the engine found: the variables' values (none where nothing was found) and what no solution can undercut.

    `infeasible` is a proof; neither values nor infeasible means that time ran out.
    """

    values: tuple[float, ...]
    cost: float
    bound: float
    infeasible: bool = False
    duals: tuple[float, ...] = ()


def solve(
    program: Program,
    *,
    relaxed: bool = False,
    gap: float = 1e-5,
    seconds: float = SECONDS_AT_MOST,
    start: Sequence[float] = (),
) -> Solved:
    """Solve a program; `relaxed` lets whole variables be broken, `gap` is relative, `start` is where to begin."""
    import highspy

    engine: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {
        "output_flag": False,
        "threads": 1,
        "time_limit": float(seconds),
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-7,
    }
    for name, value in options.items():
        engine.setOptionValue(name, value)
    engine.passModel(_model(highspy, program, relaxed))
    if start and not relaxed:
        begun = highspy.HighsSolution()
        begun.col_value = list(start)
        engine.setSolution(begun)
    engine.run()
    return _answer(highspy, engine, program, relaxed)


def _answer(highspy: Any, engine: Any, program: Program, relaxed: bool) -> Solved:
    status, info = engine.getModelStatus(), engine.getInfo()
    impossible = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
    if status in impossible:
        return Solved((), inf, inf, infeasible=True)
    whole = any(program.whole) and not relaxed
    optimal = status == highspy.HighsModelStatus.kOptimal
    bound = info.mip_dual_bound if whole else info.objective_function_value if optimal else -inf
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return Solved((), inf, bound)
    solution = engine.getSolution()
    duals = tuple(solution.row_dual) if relaxed else ()
    return Solved(tuple(solution.col_value), info.objective_function_value, bound, duals=duals)


def _model(highspy: Any, program: Program, relaxed: bool) -> Any:
    """Return the program as the library takes it, row by row."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.lower), len(program.rows)
    model.col_cost_ = np.array([program.cost.terms.get(at, 0.0) for at in range(model.num_col_)])
    model.offset_ = program.cost.constant
    model.col_lower_, model.col_upper_ = _bounds(program.lower), _bounds(program.upper)
    model.row_lower_ = _bounds([row[1] for row in program.rows])
    model.row_upper_ = _bounds([row[2] for row in program.rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in program.rows)])
    model.a_matrix_.index_ = np.array([at for row in program.rows for at in row[0]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([one for row in program.rows for one in row[0].values()], dtype=float)
    if not relaxed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in program.whole]
    return model


def _bounds(values: Sequence[float]) -> Any:
    return np.clip(np.array(values, dtype=float), -ENDLESS, ENDLESS)
