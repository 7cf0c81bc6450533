"""What follows from a plan never excludes a cheaper one: means lie within their bounds; nothing useful is cut off."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf

import pytest

from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.frontier import failing_now, no_more_come_than_may_lack
from junheng.planner.linear import Program, total
from junheng.planner.model import build
from junheng.planner.narrowing import SAFE, means_between, useful_level
from junheng.planner.search import Search, last
from junheng.planner.solver import Relaxation, solve
from junheng.planner.steps import values
from junheng.planner.variables import FEN_IN_WAN, Ask
from planned import THOROUGH, codes, county, limits, prepared

# Counties in which one to three spreads bind.
SEEDS = range(60) if THOROUGH else (1, 10, 22, 23, 25, 27)


def solved(seed: int) -> Search:
    """Return a search that has ended."""
    case = prepared(county(seed, most=5, wide=0.8)).case
    model = build(case)
    done = Search(model, all_limits(model), 1e-6)
    last(done.run())
    return done


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_s_means_lie_between_their_bounds(seed: int) -> None:
    """The best plan's own means, and what it buys, are among what is left for plans that are no dearer."""
    done = solved(seed)
    entered = [cone for cone in done.cones if cone.mean is not None]
    if done.best is None:
        return
    case = done.model.case
    for cone, (low, high) in zip(entered, means_between(done.model, entered, done.best.cost / FEN_IN_WAN), strict=True):
        rows = values(case, done.best.steps, cone.stage, cone.indicator)
        unit = case.rules.thresholds[cone.indicator][cone.stage]
        mean = sum((heads * value for heads, value in rows), Fraction(0)) / sum(heads for heads, _ in rows) / unit
        assert low * (1 - SAFE) <= mean <= high * (1 + SAFE)
        assert useful_level(done.model, cone, high) <= done.model.useful.highest[cone.stage, cone.indicator]


def test_some_of_these_counties_have_spreads_that_bind() -> None:
    """Else the test above would say nothing."""
    assert sum(any(cone.mean is not None for cone in solved(seed).cones) for seed in SEEDS) > 2


@pytest.mark.parametrize("seed", range(300 if THOROUGH else 12))
def test_that_no_more_come_than_may_lack_makes_no_point_dearer(seed: int) -> None:
    """With half of what fails now failing, and with none, a point of the frontier costs the same without that bound."""
    facts = county(seed)
    case = prepared(facts, limits=limits(seed, codes(facts))).case
    for failing in (0, failing_now(case) // 2):
        assert point(case, failing, bounded=True) == pytest.approx(point(case, failing, bounded=False), rel=1e-6)


def point(case: Case, failing: int, *, bounded: bool) -> float:
    """Return the least cost with which at most so many schools fail, without end where there is no plan."""
    model = build(case, Ask(failing=True))
    unbounded = sum(upper == inf for upper in model.program.upper)
    if bounded:
        no_more_come_than_may_lack(model)
        assert sum(upper == inf for upper in model.program.upper) < unbounded
    model.program.keep(total(model.failed.values()), at_most=failing)
    return solve(model.program, gap=1e-9, presolve=not bounded).cost


def test_the_relaxation_is_the_same_warm_as_cold() -> None:
    """After every row that is added and every row that is changed."""
    done = solved(SEEDS[1])
    program = build(done.model.case).program
    warm = Relaxation(program)
    for at_least in (0.0, 3.0, 7.0):
        assert warm.solve().cost == pytest.approx(solve(program, relaxed=True).cost, rel=1e-9)
        program.keep(program.cost, at_least=done.bound + at_least)
        program.variable(5)
    program.restate(len(program.rows) - 1, program.cost, at_least=done.bound + 9)
    assert warm.solve().cost == pytest.approx(done.bound + 9, rel=1e-9)


def test_a_cut_holds_until_it_is_forgotten() -> None:
    """Warm and cold alike; one that is tight stays, one that is far from the solution goes; a copy keeps its own."""
    program = Program()
    one, other = program.variable(9), program.variable(9)
    program.keep(one + other, at_least=2)
    program.cost = one + 2 * other
    warm = Relaxation(program)
    assert warm.solve().cost == pytest.approx(2)
    program.cut(other - one)
    program.cut(one + 5)
    assert warm.solve().cost == solve(program, relaxed=True).cost == pytest.approx(3)
    copy = program.copy()
    program.forget_cuts(warm.solve().values, 0.1)
    assert (len(program.cuts), len(copy.cuts)) == (1, 2)
    assert warm.solve().cost == pytest.approx(3)
    program.forget_cuts((9, 18), 0.1)
    assert warm.solve().cost == pytest.approx(2)
    assert copy.cuts


def test_another_aim_starts_from_the_last_solution() -> None:
    """What is aimed at changes, the solutions do not; then the program's own cost again by a row that is added."""
    program = Program()
    one, other = program.variable(4), program.variable(4)
    program.keep(one + 2 * other, at_least=3, at_most=8)
    program.cost = one + other
    warm = Relaxation(program)
    assert warm.solve().cost == pytest.approx(1.5)
    assert [warm.solve(aim).cost for aim in (one, -1 * one, other, -1 * other)] == pytest.approx([0, -4, 0, -4])


def test_a_search_without_a_plan_narrows_nothing() -> None:
    """Nobody may be hired, nothing may be built: a proof, and no bounds that rest on a plan."""
    case = prepared(county(3, wide=0.8)).case
    none = case.on(replace(case.terms, most={**case.terms.most, ("budget", ""): Fraction(1)}))
    model = build(none)
    done = Search(model, all_limits(model), 1e-4)
    assert last(done.run()) is None
    assert not done.narrowed
