"""What one school more costs: the cheapest way in which at most so many schools fail, from none to as many as fail now.

Spreads are left aside, as in `within_budget`: where schools are given up they mean little, and the engine's answer on
each point tells what they are. The plan of one point is a plan of the next as well, where more schools may fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, inf

from junheng.planner.case import Case, Section
from junheng.planner.linear import Sum, total
from junheng.planner.model import FEN_IN_WAN, Ask, Model, build
from junheng.planner.search import Found
from junheng.planner.solver import Solved, solve
from junheng.planner.steps import read

# No solve of a point takes longer than this; one that is not finished is told with its bound.
SECONDS, PATIENCE = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class Edge:
    """With at most `failing` schools failing: the cheapest plan found, and the proven bound (fen)."""

    failing: int
    found: Found
    bound: int


def frontier(case: Case, points: int, gap: float) -> Iterator[Edge]:
    """Yield up to `points` points, spread evenly from the fewest schools that must fail to those that fail now."""
    model = build(case, Ask(failing=True))
    strengthen(model)
    solved, row = _fewest(model), len(model.program.rows)
    if not solved.values:
        return
    failed = total(model.failed.values())
    fewest = round(failed.at(solved.values))
    model.program.keep(failed, at_most=fewest)
    for number in numbers(fewest, max(fewest, failing_now(case)), points):
        model.program.rows[row] = (failed.terms, -inf, number - failed.constant)
        solved = _cheaper(model, solved, gap, number)
        steps = read(model, solved.values)
        yield Edge(number, Found(steps, steps.cost(case)), floor(max(0.0, solved.bound) * FEN_IN_WAN))


def strengthen(model: Model) -> None:
    """Add what holds of every best plan when spreads are left aside, so that half a school given up gains nothing.

    A section given up misses nothing besides; what is bought is begun where the line is neither missed nor given up;
    nobody buys more than the lines ask for; of a quality a school cannot lose more teachers than it has.
    """
    for section in model.case.sections:
        given_up = model.failed.get(section.school, Sum())
        missed = [model.missed[key] for key in ((section.key, id) for id in section.lines) if key in model.missed]
        most = model.case.may_miss(section.school)
        if missed:
            model.program.keep(total(missed) + most * given_up, at_most=most)
        for indicator in section.lines:
            if model.case.rules.indicators[indicator].apportioned:
                _begun_where_needed(model, section, indicator, given_up)
            else:
                _no_more_lost_than_had(model, section, indicator, given_up)
    _no_more_than_asked(model)


def _begun_where_needed(model: Model, section: Section, indicator: str, given_up: Sum) -> None:
    line, deed = section.lines[indicator], model.case.bought.get(indicator)
    begun = None if deed is None else model.begun.get((section.school, deed.item))
    if begun is None or line.value(0) >= line.threshold:
        return
    missed = Sum() if line.value(0) < line.floor else model.missed.get((section.key, indicator), Sum())
    model.program.keep(begun + missed + given_up, at_least=1)


def _no_more_lost_than_had(model: Model, section: Section, indicator: str, given_up: Sum) -> None:
    line, at = section.lines[indicator], model.case.quality(indicator)
    had = sum(number for kind, number in section.staff.items() if kind[at])
    enough, least = line.gained(line.threshold), line.gained(line.floor)
    missed = model.missed.get((section.key, indicator), Sum())
    lost = max(0, enough + had) * given_up + (enough - least) * missed
    model.program.keep(model.gained(section, indicator) + lost, at_least=enough)


def _no_more_than_asked(model: Model) -> None:
    asked = {item for item, _ in model.case.terms.least}
    for (school, item), units in model.bought.items():
        if item in asked:
            continue
        lines = (
            section.lines[indicator]
            for section in model.case.schools[school]
            for indicator, deed in model.case.bought.items()
            if deed.item == item
        )
        most = max(0, *(line.gained(line.threshold) for line in lines), 0)
        model.program.keep(units - most * model.begun.get((school, item), Sum(constant=1)), at_most=0)


def _fewest(model: Model) -> Solved:
    """Return a solution with the fewest failing schools; without values where even giving all up does not help."""
    cost = model.program.cost
    model.program.cost = total(model.failed.values())
    solved = solve(model.program, gap=1e-4, seconds=PATIENCE)
    model.program.cost = cost
    return solved


def _cheaper(model: Model, before: Solved, gap: float, number: int) -> Solved:
    """Return the cheapest solution of those found, the one before and a guess, with what is proven."""
    guess, solved = _guessed(model, gap, number), solve(model.program, gap=gap, seconds=SECONDS)
    known = [one for one in (solved, before, guess) if one.values]
    best = min(known, key=lambda one: model.program.cost.at(one.values))
    return Solved(best.values, best.cost, solved.bound)


def _guessed(model: Model, gap: float, number: int) -> Solved:
    """Return the cheapest solution that gives up only the schools that the relaxation gives up most."""
    relaxed = solve(model.program, relaxed=True)
    if not relaxed.values:
        return relaxed
    upper = list(model.program.upper)
    ranked = sorted(model.failed.values(), key=lambda one: -one.at(relaxed.values))
    for one in ranked[number:]:
        for at in one.terms:
            model.program.upper[at] = 0.0
    solved = solve(model.program, gap=gap, seconds=SECONDS)
    model.program.upper[:] = upper
    return solved


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
