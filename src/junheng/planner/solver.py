"""The engine under the planner, HiGHS: one program in, values and a proven bound out. Only this room knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from junheng.planner.linear import Program, Row, Sum

ENDLESS = 1e30
SECONDS_AT_MOST = 3600.0
NODES_AT_MOST = 2**31 - 1
# How the engine calls its simplex methods.
DUAL, PRIMAL = 1, 4
# How far outside a row solutions may lie moves the bound as much: the engine's own 1e-6 is too far for the finest gaps.
# For others it is not drawn nearer: at a gap of 5e-7, a county of four schools took an hour then, else a minute.
FINEST, NEAREST = 1e-7, 1e-9
# A cost that is told and that of the values differ by less (relative).
SAME_COST = 1e-6
# The engine leaves alone what costs more than what is looked for by this (relative). Nearer to it, it was seen to take
# four times as long on a county of 400 schools.
BESIDE = 1e-3


@dataclass(frozen=True, slots=True)
class Solved:
    """What the engine found: the variables' values (none where nothing was found) and what no solution can undercut.

    `infeasible` is a proof; neither values nor infeasible means that time ran out. `ended` tells that nothing stopped
    the engine before it was done.
    """

    values: tuple[float, ...]
    cost: float
    bound: float
    infeasible: bool = False
    duals: tuple[float, ...] = ()
    ended: bool = True


def solve(
    program: Program,
    *,
    relaxed: bool = False,
    gap: float = 1e-5,
    seconds: float = SECONDS_AT_MOST,
    start: Sequence[float] = (),
    nodes: int = NODES_AT_MOST,
    below: float = inf,
    enough: float = inf,
    presolve: bool = True,
) -> Solved:
    """Solve a program; `relaxed` lets whole variables be broken, `gap` is relative, `start` is where to begin.

    After so many `nodes` of its tree the search is left with what it has. With a solution to begin with, HiGHS 1.16 was
    seen to tell another cost (and bound) than that of what it returns; then it is asked again without. Only solutions
    that cost no more than `below` count: that there is none is `infeasible`. A bound of `enough` ends the search.
    `presolve` may be left out.
    """
    import highspy

    engine = _engine(highspy, gap, seconds, nodes)
    engine.setOptionValue("presolve", "choose" if presolve else "off")
    if gap < FINEST:
        for kind in ("primal", "mip"):
            engine.setOptionValue(f"{kind}_feasibility_tolerance", max(gap, NEAREST))
    if enough < inf and not relaxed:
        engine.cbMipInterrupt.subscribe(lambda event: event.interrupt(event.data_out.mip_dual_bound >= enough))
    if below < inf:
        program = _no_dearer(engine, program, below)
    engine.passModel(_model(highspy, program, relaxed))
    begun = bool(start) and not relaxed
    if begun:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        engine.setSolution(known)
    engine.run()
    solved = _answer(highspy, engine, program, relaxed)
    if begun and not _at_its_cost(program, solved):
        return solve(program, gap=gap, seconds=seconds, nodes=nodes, below=below, enough=enough, presolve=presolve)
    return solved


def _no_dearer(engine: Any, program: Program, most: float) -> Program:
    """Return the program with its cost limited, and tell the engine so.

    As a row it is one among thousands; what the engine knows as its limit also fixes variables by their reduced costs.
    """
    engine.setOptionValue("objective_bound", most + BESIDE * abs(most))
    cheaper = program.copy()
    cheaper.keep(program.cost, at_most=most)
    return cheaper


def _at_its_cost(program: Program, solved: Solved) -> bool:
    cost = program.cost.at(solved.values) if solved.values else inf
    return bool(solved.values) and abs(cost - solved.cost) <= SAME_COST * max(1.0, abs(cost))


def _engine(highspy: Any, gap: float = 0.0, seconds: float = SECONDS_AT_MOST, nodes: int = NODES_AT_MOST) -> Any:
    engine = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "mip_detect_symmetry": False,  # no two schools are alike, and with hundreds it looks for half a minute
        "time_limit": float(seconds),
        "mip_max_nodes": nodes,
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-7,
    }
    for name, value in options.items():
        engine.setOptionValue(name, value)
    return engine


def ray(program: Program) -> tuple[float, ...]:
    """Return factors of the rows that make a contradiction of the relaxation; none where it has a solution."""
    import highspy

    engine = _engine(highspy)
    engine.setOptionValue("presolve", "off")
    engine.setOptionValue("solver", "simplex")
    engine.passModel(_model(highspy, program, relaxed=True))
    engine.run()
    if engine.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
        return ()
    _, known, factors = engine.getDualRay()
    return tuple(factors) if known else ()


class Relaxation:
    """A program without wholeness that is solved again as rows are added to it, each time from where it was."""

    def __init__(self, program: Program) -> None:
        import highspy

        self._program, self._highs = program, highspy
        self._engine = _engine(highspy)
        self._columns = self._rows = self._cuts = 0
        self._restated = -1

    def solve(self, cost: Sum | None = None) -> Solved:
        """Return the least of a cost: the program's own where none is told.

        Rows that are added leave the last solution's duals right; another cost leaves the solution itself right.
        """
        self._catch_up()
        self._engine.setOptionValue("simplex_strategy", DUAL if cost is None else PRIMAL)
        if cost is not None:
            self._engine.changeColsCost(self._columns, np.arange(self._columns), _costs(cost, self._columns))
            self._engine.changeObjectiveOffset(cost.constant)
        self._engine.run()
        return _answer(self._highs, self._engine, self._program, relaxed=True)

    def _catch_up(self) -> None:
        program = self._program
        if self._restated != program.restated:
            self._engine.passModel(_model(self._highs, program, relaxed=True))
        else:
            self._add(program)
        self._columns, self._restated = len(program.lower), program.restated
        self._rows, self._cuts = len(program.rows), len(program.cuts)

    def _add(self, program: Program) -> None:
        more = len(program.lower) - self._columns
        if more:
            lower, upper = _bounds(program.lower[-more:]), _bounds(program.upper[-more:])
            nothing = np.array([], dtype=np.int32)
            costs = _costs(program.cost, len(program.lower))[-more:]
            self._engine.addCols(more, costs, lower, upper, 0, nothing, nothing, np.array([]))
        rows = [*program.rows[self._rows :], *program.cuts[self._cuts :]]
        if rows:
            starts, indices, factors = _matrix(rows)
            lower, upper = _bounds([row[1] for row in rows]), _bounds([row[2] for row in rows])
            self._engine.addRows(len(rows), lower, upper, len(indices), starts[:-1], indices, factors)


def _answer(highspy: Any, engine: Any, program: Program, relaxed: bool) -> Solved:
    status, info = engine.getModelStatus(), engine.getInfo()
    impossible = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
    if status in impossible:
        return Solved((), inf, inf, infeasible=True)
    optimal = status == highspy.HighsModelStatus.kOptimal
    if not info.valid:  # it gave up, and what it says of a bound means nothing
        return Solved((), inf, -inf, ended=False)
    whole = any(program.whole) and not relaxed
    bound = info.mip_dual_bound if whole else info.objective_function_value if optimal else -inf
    if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return Solved((), inf, bound, ended=optimal)
    solution = engine.getSolution()
    duals = tuple(solution.row_dual) if relaxed else ()
    return Solved(tuple(solution.col_value), info.objective_function_value, bound, duals=duals, ended=optimal)


def _model(highspy: Any, program: Program, relaxed: bool) -> Any:
    """Return the program as the library takes it, row by row."""
    model, rows = highspy.HighsLp(), [*program.rows, *program.cuts]
    model.num_col_, model.num_row_ = len(program.lower), len(rows)
    model.col_cost_ = _costs(program.cost, model.num_col_)
    model.offset_ = program.cost.constant
    model.col_lower_, model.col_upper_ = _bounds(program.lower), _bounds(program.upper)
    model.row_lower_ = _bounds([row[1] for row in rows])
    model.row_upper_ = _bounds([row[2] for row in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = _matrix(rows)
    if not relaxed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in program.whole]
    return model


def _matrix(rows: Sequence[Row]) -> tuple[Any, Any, Any]:
    """Return where each row begins, the numbers of its variables and their factors, one after another."""
    starts = np.cumsum([0, *(len(row[0]) for row in rows)], dtype=np.int32)
    indices = np.fromiter((at for row in rows for at in row[0]), dtype=np.int32, count=int(starts[-1]))
    factors = np.fromiter((one for row in rows for one in row[0].values()), dtype=float, count=int(starts[-1]))
    return starts, indices, factors


def _costs(cost: Sum, columns: int) -> Any:
    found = np.zeros(columns)
    found[list(cost.terms)] = list(cost.terms.values())
    return found


def _bounds(values: Sequence[float]) -> Any:
    return np.clip(np.array(values, dtype=float), -ENDLESS, ENDLESS)
