"""Who takes part in the planner's benchmark, each run in a process of its own that can be ended."""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from math import inf, sqrt
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from junheng.planner.cones import FINE, Cone, all_limits, cones_of
from junheng.planner.confirm import Refused, confirmed
from junheng.planner.frontier import frontier
from junheng.planner.linear import Program, Sum, total
from junheng.planner.model import build
from junheng.planner.practice import practice_cost
from junheng.planner.prepare import Prepared
from junheng.planner.search import Bound, Found, Impossible, Search
from junheng.planner.second import second_opinion
from junheng.planner.things import reach_up_to
from junheng.planner.variables import Model
from junheng.planner.why_not import why_not

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "planner"))

from plan_counties import WIDE, problem

# A budget of this share of the least cost cannot reach.
TOO_LITTLE = Fraction(7, 10)
CONFLICT = 1e-3
# So many points has a frontier.
POINTS = 20


@dataclass(frozen=True, slots=True)
class Size:
    """So many schools, in so many counties, to a gap; and who takes part beside the planner and the practice.

    With `roads` transfers go by distances, B18's shares must move, and works have their season. Peers take part in so
    many of the counties (`beside`).
    """

    schools: int
    seeds: int
    gap: float
    peers: tuple[str, ...]
    roads: bool = False
    beside: int = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """What one contestant did with one county: processor and clock seconds, cost and bound (fen), what was wrong.

    Who neither `ended` nor took too long broke down by itself (`broken`).
    """

    who: str
    schools: int
    seed: int
    combined: float
    roads: bool = False
    ended: bool = False
    broken: bool = False
    processor: float = inf
    clock: float = inf
    cost: float = inf
    bound: float = -inf
    infeasible: bool = False
    wrong: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values; what is without end is None."""
        return {name: None if one in (inf, -inf) else one for name, one in asdict(self).items()}

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> Run:
        """Return the run that `plain` told."""
        return cls(**{name: one for name, one in values.items() if one is not None})


class WholeCone(Cone):
    """A spread approached by one gradient of the whole, as it is done without taking it apart."""

    def enter(self, model: Model, found: Sequence[float]) -> None:
        """Lay nothing but the mean; gradients come as solutions break the spread."""
        key = (self.stage, self.indicator)
        reach_up_to(model, *key, model.useful.highest[key])
        self.mean = total(one.share * one.value for one in self.members)
        self._laid: list[tuple[int, Sum]] = []
        self.cut(model, found)

    def cut(self, model: Model, found: Sequence[float]) -> None:
        """Lay the gradient at the found values."""
        if self.mean is None:
            self.enter(model, found)
            return
        mean = self.mean.at(found)
        apart = [(one, one.value.at(found) - mean) for one in self.members]
        root = max(sqrt(sum(one.share * far * far for one, far in apart)), FINE)
        gradient = total((one.share * far / root) * (one.value - self.mean) for one, far in apart)
        self._laid.append((len(model.program.rows), gradient))
        model.program.keep(gradient - self.limit * self.mean, at_most=0)

    def tightened(self, program: Program, by: float) -> None:
        """Narrow the limit in the program by a relative amount."""
        for row, gradient in self._laid if self.mean is not None else ():
            program.restate(row, gradient - self.limit * (1 - by) * (self.mean or Sum()), at_most=0)


class PlainSearch(Search):
    """The loop without a guess, and without what a plan tells of the means."""

    def _guess(self) -> bool:
        self.narrowed = True
        return False


def contest(who: str, size: Size, seed: int, combined: float, longest: float) -> Run:
    """Return what a contestant does with a county, or that it had to be ended after so many seconds of the clock.

    An engine that breaks down takes its process with it, and nobody else's results.
    """
    run = Run(who, size.schools, seed, combined, size.roads)
    mine, its = mp.Pipe(duplex=False)
    child = mp.get_context("fork").Process(target=_work, args=(run, size.gap, its), daemon=True)
    child.start()
    its.close()
    try:
        done = mine.recv() if mine.poll(longest) else run
    except EOFError:
        done = replace(run, broken=True)
    child.kill()
    child.join()
    return done


def _work(run: Run, gap: float, told: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engines' own remarks
    county = problem(run.schools, run.seed, run.combined, WIDE[run.seed % len(WIDE)], roads=run.roads)
    clock, processor = time.perf_counter(), time.process_time()
    done, plans = CONTESTANTS[run.who](county, gap)
    spent = {"processor": time.process_time() - processor, "clock": time.perf_counter() - clock}
    wrong = [fault for plan in plans for fault in _faults(county, plan)]
    told.send(replace(run, ended=True, **spent, **done, wrong=wrong))


def _faults(county: Prepared, plan: Found) -> list[str]:
    try:
        confirmed(county, plan)
    except Refused as refused:
        return [str(refused)]
    return []


def _searched(search: Search) -> tuple[dict[str, Any], list[Found]]:
    found: dict[str, Any] = {}
    plans = []
    for told in search.run():
        match told:
            case Found():
                plans.append(told)
                found["cost"] = told.cost
            case Bound():
                found["bound"] = told.cost
            case Impossible():
                found["infeasible"] = True
    return found, plans


def _junheng(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    model = build(county.case)
    return _searched(Search(model, all_limits(model), gap))


def _plain(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    model = build(county.case)
    limits = all_limits(model)
    cones: list[Cone] = [WholeCone(one.stage, one.indicator, one.limit, one.members) for one in cones_of(model, limits)]
    return _searched(PlainSearch(model, limits, gap, cones=cones))


def _practice(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    cost = practice_cost(county.case)
    return ({} if cost is None else {"cost": cost}), []


def _scip(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    told = second_opinion(county.case, gap)
    found = {"infeasible": True} if told.impossible else {"cost": told.cost, "bound": told.bound}
    return found, [told.found] if told.found else []


def _named(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    """A budget that cannot reach: how long it takes until the proof and the first limit that is named."""
    found, _ = _junheng(county, gap)
    if "cost" not in found:
        return found, []
    terms = county.case.terms
    most = {**terms.most, ("budget", ""): TOO_LITTLE * found["cost"] / 100}
    case = county.case.on(replace(terms, most=most))
    begun = time.process_time()
    model = build(case)
    impossible = any(isinstance(one, Impossible) for one in Search(model, all_limits(model), gap).run())
    because = next(why_not(case))
    return {"infeasible": impossible, "cost": time.process_time() - begun, "bound": because.relax_by or 0}, []


def _frontier(county: Prepared, gap: float) -> tuple[dict[str, Any], list[Found]]:
    """What one school more costs, up from the fewest that must fail: points (`cost`), and those proven (`bound`)."""
    edges = list(frontier(county.case, POINTS, gap))
    costs = [(edge.found.cost, edge.bound) for edge in edges]
    return {"cost": len(edges), "bound": sum(cost - bound <= gap * cost for cost, bound in costs)}, []


CONTESTANTS: dict[str, Callable[[Prepared, float], tuple[dict[str, Any], list[Found]]]] = {
    "junheng": _junheng,
    "practice": _practice,
    "plain": _plain,
    "scip": _scip,
    "named": _named,
    "frontier": _frontier,
}
