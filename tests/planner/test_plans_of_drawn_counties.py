"""Drawn counties: plans pass checker and engine, a bound is a bound, and the practice is never cheaper."""

from __future__ import annotations

import random

import pytest

import plan_counties
from junheng.planner.confirm import confirmed
from junheng.planner.model import build
from junheng.planner.pairing import moves
from junheng.planner.practice import practice_cost
from junheng.planner.search import Bound, Found, Impossible, last, search
from junheng.planner.solver import solve
from junheng.planner.steps import spreads_hold
from junheng.planner.variables import Ask
from planned import COSTS, THOROUGH, codes, county, limits, prepared, roads

SEEDS = range(2000 if THOROUGH else 40)
FREE = Ask(transfers=False, limits=False, may_miss=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_plan_holds_and_no_plan_is_under_the_bound(seed: int) -> None:
    """Whatever is found on the way is confirmed; the best is near the bound, or there is a proof of none."""
    facts = county(seed)
    problem = prepared(facts, limits=limits(seed, codes(facts)))
    told = list(search(problem.case, gap=1e-3))
    plans = [one for one in told if isinstance(one, Found)]
    bound = max((one.cost for one in told if isinstance(one, Bound)), default=0)
    for one in plans:
        answer = confirmed(problem, one).assessment
        assert {answer.stages[stage].verdict for stage in problem.case.stages} == {"pass"}
        assert one.cost >= bound - 1
    assert isinstance(told[-1], Impossible) or plans[-1].cost - bound <= 1e-3 * plans[-1].cost + 1


@pytest.mark.parametrize("seed", range(1000 if THOROUGH else 30))
def test_whole_purchases_keep_to_the_land_there_is(seed: int) -> None:
    """Schools of two stages with little land: whatever is found on the way is confirmed.

    Three of the first thirty had a plan on the way that rounded parts of a building up beyond a school's land.
    """
    problem = plan_counties.problem(10, seed, combined=0.2, wide=max(plan_counties.WIDE))
    for one in search(problem.case, gap=2e-3):
        if isinstance(one, Found):
            confirmed(problem, one)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_practice_is_the_plan_without_its_freedoms(seed: int) -> None:
    """No transfers, all seven, no limits: the same cost where no spread binds, and never more."""
    problem = prepared(county(seed))
    practice = practice_cost(problem.case)
    alike = last(search(problem.case, ask=FREE, gap=1e-6))
    if practice is None:
        return
    assert alike is not None
    assert alike.cost <= practice * (1 + 1e-5) + 100
    without = last(search(problem.case, ask=FREE, gap=1e-6, spreads=False))
    assert without is not None
    if spreads_hold(problem.case, without.steps):
        assert practice == pytest.approx(without.cost, rel=1e-6, abs=100)


@pytest.mark.parametrize("seed", range(400 if THOROUGH else 12))
def test_distances_only_cost(seed: int) -> None:
    """With roads to pay for, plans hold too, and are not cheaper; near limits keep the far apart."""
    facts = county(seed, most=5)
    own = codes(facts)
    luck = random.Random(seed)
    roads = [(one, other, luck.randint(1, 60)) for at, one in enumerate(own) for other in own[:at]]
    costs = {**COSTS, "transfer_km": (0, 0, 60)}
    pooled = last(search(prepared(facts).case, gap=1e-5))
    problem = prepared(facts, distances=roads, costs=costs, limits=[("distance", "", None, 40)])
    paired = last(search(problem.case, gap=1e-5))
    if paired is None:
        return
    plan = confirmed(problem, paired)
    far = {frozenset((one, other)) for one, other, km in roads if km > 40}
    assert not [one for one in plan.actions if frozenset((one.from_school, one.to_school)) in far]
    assert pooled is not None
    assert paired.cost >= pooled.cost * (1 - 1e-4) - 200


def test_the_nearest_give_and_the_transfers_are_whole() -> None:
    """Whatever the arcs of a solution carry: whole numbers, no dearer than any other pairing of the same ends."""
    facts, costs = county(4), {**COSTS, "transfer_km": (0, 0, 600)}
    problem = prepared(facts, distances=roads(5, codes(facts)), costs=costs, limits=[("transfers", "", 5, None)])
    model = build(problem.case)
    solved = solve(model.program, gap=1e-9)
    moved = moves(model, solved.values)
    cost = sum(n * problem.case.terms.transfer_cost(giver[0], taker[0]) for (giver, taker, _), n in moved.items())
    carried = [(problem.case.terms.transfer_cost(one[0], other[0]), arc) for (one, other, _), arc in model.arcs.items()]
    assert moved
    assert cost == pytest.approx(sum(price * arc.at(solved.values) for price, arc in carried), rel=1e-6)
    for end, ends in ((0, model.out), (1, model.inn)):
        for (key, kind), number in ends.items():
            told = sum(n for (*pair, of), n in moved.items() if pair[end] == key and of == kind)
            assert told == round(number.at(solved.values))


def test_with_a_limit_and_no_distances_nobody_moves() -> None:
    """What is not known to be near is too far."""
    for seed in range(8):
        problem = prepared(county(seed), limits=[("distance", "", None, 1000)])
        found = last(search(problem.case))
        assert found is None or not found.steps.moves


def test_many_are_asked_to_move_although_it_costs() -> None:
    """A lower limit on transfers is kept by transfers that the checker takes for such."""
    problem = prepared(county(4), limits=[("transfers", "", 5, None)])
    found = last(search(problem.case))
    assert found is not None
    assert sum(one.quantity for one in confirmed(problem, found).actions if one.kind == "transfer") >= 5
