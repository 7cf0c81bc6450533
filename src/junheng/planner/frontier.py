"""What one school more costs: the cheapest way in which at most so many schools fail, from none to as many as fail now.

Spreads are left aside, as in `within_budget`: where schools are given up they mean little, and the engine's answer on
each point tells what they are. The plan of one point is a plan of the next as well, where more schools may fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf
from time import monotonic

from junheng.facts.plan_schema import DEEDS
from junheng.planner.case import Case, Section
from junheng.planner.cones import fixed
from junheng.planner.limits import caps
from junheng.planner.linear import Sum, total
from junheng.planner.lines import may_leave, may_lose
from junheng.planner.model import build
from junheng.planner.search import Found
from junheng.planner.solver import Solved, solve
from junheng.planner.steps import read
from junheng.planner.terms import HUNDRED, whole_least
from junheng.planner.variables import FEN_IN_WAN, Ask, Model

# All points together take about so long, each an equal part of what is left; one that is not proven is told with its
# bound. The first question, how few can fail, is waited for longer.
SECONDS, LEAST, PATIENCE = 55.0, 1.0, 60.0
# What may be demanded of people: then some come whom nobody lacks.
PEOPLE = {"hires", "transfers", "transfers_share", "transfers_backbone", "transfers_out", "transfers_in"} | {
    item for item, deed in DEEDS.items() if deed.kind in ("hire", "upgrade")
}


@dataclass(frozen=True, slots=True)
class Edge:
    """With at most `failing` schools failing: the cheapest plan found, and the proven bound (fen)."""

    failing: int
    found: Found
    bound: int


@dataclass(frozen=True, slots=True)
class Effort:
    """How a point is searched for: to which gap, with how many schools failing, how long each step may take."""

    gap: float
    failing: int
    seconds: float


def frontier(case: Case, points: int, gap: float) -> Iterator[Edge]:
    """Yield up to `points` points, spread evenly from the fewest schools that must fail to those that fail now."""
    model = build(case, Ask(failing=True))
    nothing_for_the_given_up(model)
    who_comes_fills_what_lacks(model)
    no_more_come_than_may_lack(model)
    solved, row = _fewest(model), len(model.program.rows)
    if not solved.values:
        return
    failed = total(model.failed.values())
    fewest = round(failed.at(solved.values))
    model.program.keep(failed, at_most=fewest)
    asked, end = numbers(fewest, max(fewest, failing_now(case)), points), monotonic() + SECONDS
    for at, number in enumerate(asked):
        model.program.rows[row] = (failed.terms, -inf, number - failed.constant)
        patience = max(LEAST, (end - monotonic()) / (len(asked) - at))
        solved = _cheaper(model, solved, Effort(gap, number, patience))
        steps = read(model, solved.values)
        yield Edge(number, Found(steps, steps.cost(case)), floor(max(0.0, solved.bound) * FEN_IN_WAN))


def nothing_for_the_given_up(model: Model) -> None:
    """A school that is given up buys and builds nothing, but for what it is told to; it needs no land."""
    told = {item for item, _ in model.case.terms.least}
    for (school, item), units in model.bought.items():
        if item in told:
            continue
        most = model.useful.most(school, DEEDS[item], model.levels)
        begun = model.begun.get((school, item), units * (1 / most) if most else Sum())
        model.program.keep(begun + model.failed[school], at_most=1)
    for cap in caps(model):
        if cap.item == "land" and cap.most is not None and not told & set(DEEDS):
            model.program.keep(cap.what + cap.most * model.failed[cap.school], at_most=cap.most)


def who_comes_fills_what_lacks(model: Model) -> None:
    """Those who come, are hired or raised are as many as are lacking, whoever leaves.

    It follows from the lines where a school passes; where it is given up, nobody need come.
    """
    for section in model.case.sections:
        for indicator, line in section.lines.items():
            if model.case.rules.indicators[indicator].apportioned or (enough := line.gained(line.threshold)) <= 0:
                continue
            missed = model.missed.get((section.key, indicator), Sum()) * (enough - max(0, line.gained(line.floor)))
            coming = model.coming(section, model.case.quality(indicator))
            model.program.keep(coming + missed + enough * model.failed[section.school], at_least=enough)


def no_more_come_than_may_lack(model: Model) -> None:
    """No more of a kind come, are hired or are raised than would lack if all left who may; unless more are demanded.

    Were there one more, the plan without that one would hold too, and cost no more.
    """
    if {item for item, _ in model.case.terms.least} & PEOPLE:
        return
    enough = {section.key: float(_may_lack(model, section)) for section in model.case.sections}
    for family in (model.inn, model.hired, model.raised):
        for (key, _), variable in family.items():
            model.program.bound(variable, upper=enough[key])


def _may_lack(model: Model, section: Section) -> int:
    """Return how many a section may lack of a quality, or of teachers at all, once all have left who may."""
    case, staff = model.case, sum(section.staff.values())
    share = case.terms.at_least("staff", section.school) or Fraction(0)
    lacking = [
        line.gained(line.threshold) + may_lose(model, section, indicator)
        for indicator, line in section.lines.items()
        if not case.rules.indicators[indicator].apportioned
    ]
    teachers = whole_least(share * staff / HUNDRED) - staff + may_leave(model, section)
    return max(0, case.new_classes.get(section.key, 0), teachers, *lacking)


def _fewest(model: Model) -> Solved:
    """Return a solution with the fewest failing schools; without values where even giving all up does not help."""
    cost = model.program.cost
    model.program.cost = total(model.failed.values())
    solved = solve(model.program, gap=1e-4, seconds=PATIENCE)
    model.program.cost = cost
    return solved


def _cheaper(model: Model, before: Solved, how: Effort) -> Solved:
    """Return the cheapest solution of those found, the one before, a guess, and one better still, with what is proven.

    Only what is cheaper by half of the gap is looked for: that there is nothing such is a bound as well.
    """
    program, relaxed = model.program, solve(model.program, relaxed=True)
    guess = _guessed(model, relaxed, how)
    best = min((one for one in (before, guess) if one.values), key=lambda one: program.cost.at(one.values))
    cost = program.cost.at(best.values)
    if cost - relaxed.bound <= how.gap * abs(cost):
        return Solved(best.values, cost, relaxed.bound)
    aim = cost * (1 - how.gap / 2)
    solved = solve(program, gap=how.gap / 2, seconds=how.seconds, below=aim, presolve=False)
    best = solved if solved.values else best
    return Solved(best.values, program.cost.at(best.values), max(relaxed.bound, min(solved.bound, aim)))


def _guessed(model: Model, relaxed: Solved, how: Effort) -> Solved:
    """Return the cheapest solution that gives up only the schools that the relaxation gives up most."""
    ranked = sorted(model.failed.values(), key=lambda one: -one.at(relaxed.values))
    passing = {at: 0 for one in ranked[how.failing :] for at in one.terms}
    return solve(fixed(model.program, passing), gap=how.gap, seconds=how.seconds)


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
