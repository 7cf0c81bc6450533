"""A search that is told which bound is enough: it stops no sooner than there, and what it tells still holds."""

from __future__ import annotations

from math import inf

import pytest

from junheng.planner.cones import all_limits
from junheng.planner.model import build
from junheng.planner.search import Bound, Found, Search, search
from junheng.planner.solver import solve
from planned import THOROUGH, county, prepared

# County 102, of four schools, is not solved as finely as that in any time that a test may take.
SEEDS = [seed for seed in range(300 if THOROUGH else 12) if seed != 102]
GAP = 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_that_is_enough_is_reached_and_true(seed: int) -> None:
    """The bound is at least what was asked for and no more than the least cost; without one nothing changes."""
    model = build(prepared(county(seed)).case)
    # What it leaves behind is a program with tangents.
    assert [one for one in Search(model, all_limits(model), GAP).run() if isinstance(one, Bound)]
    program = model.program
    least, root = solve(program, gap=GAP), solve(program, relaxed=True).bound
    for share in (0.0, 0.5, 1.0):
        asked = root + share * (least.cost - root)
        stopped = solve(program, gap=GAP, enough=asked)
        assert not stopped.infeasible
        assert asked - 1e-6 * abs(asked) <= stopped.bound <= least.cost + 1e-6 * abs(least.cost)
    assert solve(program, gap=GAP, enough=inf) == least


@pytest.mark.parametrize("gap", [1e-2, 1e-3, 1e-4, 1e-6])
def test_a_plan_is_as_near_to_its_bound_as_was_asked(gap: float) -> None:
    """What a search ends with is within its gap, and its bound is true: a finer search finds nothing cheaper."""
    case = prepared(county(7, most=8, least=8)).case
    told = list(search(case, gap=gap))
    cost = min(one.cost for one in told if isinstance(one, Found))
    bound = max(one.cost for one in told if isinstance(one, Bound))
    exact = min(one.cost for one in search(case, gap=1e-7) if isinstance(one, Found))
    assert cost - bound <= gap * cost + 1
    assert bound <= exact <= cost + 1e-4 * cost
