"""What one school more costs: the cheapest way in which at most so many schools fail, from none to as many as fail now.

Spreads are left aside, as in `within_budget`: where schools are given up they mean little, and the engine's answer on
each point tells what they are. The plan of one point is a plan of the next as well, where more schools may fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, inf

from junheng.planner.case import Case, Section
from junheng.planner.linear import total
from junheng.planner.model import FEN_IN_WAN, Ask, Model, build
from junheng.planner.search import Found
from junheng.planner.solver import Solved, solve
from junheng.planner.steps import read

# No point takes longer than this; one that is not finished is told with its bound.
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Edge:
    """With at most `failing` schools failing: the cheapest plan found, and the proven bound (fen)."""

    failing: int
    found: Found
    bound: int


def frontier(case: Case, points: int, gap: float) -> Iterator[Edge]:
    """Yield up to `points` points, spread evenly from the fewest schools that must fail to those that fail now."""
    model = build(case, Ask(failing=True))
    solved, row = _fewest(model), len(model.program.rows)
    if not solved.values:
        return
    failed = total(model.failed.values())
    fewest = round(failed.at(solved.values))
    model.program.keep(failed, at_most=fewest)
    for number in numbers(fewest, max(fewest, failing_now(case)), points):
        model.program.rows[row] = (failed.terms, -inf, number - failed.constant)
        solved = _cheaper(model, solved, gap)
        steps = read(model, solved.values)
        yield Edge(number, Found(steps, steps.cost(case)), floor(max(0.0, solved.bound) * FEN_IN_WAN))


def _fewest(model: Model) -> Solved:
    """Return a solution with the fewest failing schools; without values where even giving all up does not help."""
    cost = model.program.cost
    model.program.cost = total(model.failed.values())
    solved = solve(model.program, gap=1e-4, seconds=SECONDS)
    model.program.cost = cost
    return solved


def _cheaper(model: Model, before: Solved, gap: float) -> Solved:
    """Return the cheapest solution; the one before, with what is proven now, where time runs out."""
    solved = solve(model.program, gap=gap, seconds=SECONDS)
    return solved if solved.values else Solved(before.values, before.cost, solved.bound)


def numbers(fewest: int, most: int, points: int) -> Sequence[int]:
    """Return the numbers of failing schools to ask for, both ends among them."""
    steps = max(1, points - 1)
    return tuple(dict.fromkeys(fewest + at * (most - fewest) // steps for at in range(steps + 1)))


def failing_now(case: Case) -> int:
    """Return how many schools do not reach their lines if nothing is done."""
    return sum(any(not _reaches(case, one) for one in own) for own in case.schools.values())


def _reaches(case: Case, section: Section) -> bool:
    under = [line for line in section.lines.values() if line.value(0) < line.floor]
    missed = [line for line in section.lines.values() if line.value(0) < line.threshold]
    return not under and len(missed) <= case.may_miss(section.school)
