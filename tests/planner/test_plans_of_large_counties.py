"""Counties of dozens of schools with everything that is limited at once: roads, B18's shares, seasons, land, posts."""

from __future__ import annotations

import pytest

from junheng.facts.plan_schema import BACKBONE
from junheng.planner.confirm import Confirmed, confirmed
from junheng.planner.frontier import frontier
from junheng.planner.planning import in_time
from junheng.planner.prepare import Prepared
from junheng.planner.search import Bound, Found, Impossible, search
from planned import COSTS, THOROUGH, codes, county, prepared, roads

SEEDS = range(100 if THOROUGH else 3)
SCHOOLS = (20, 60) if THOROUGH else (12, 18)
FAR, SHARE, BACKBONES, GAP = 30, 10, 20, 1e-3
MONTHS = {"teaching_area": 9, "sports_ground_area": 5, "equipment_value": 4}


def problem_of(seed: int) -> Prepared:
    """Draw a large county and its terms."""
    facts = county(seed, most=SCHOOLS[1], least=SCHOOLS[0], wide=0.3)
    own = codes(facts)
    limits = [
        ("distance", "", None, FAR),
        ("transfers_share", "", SHARE, None),
        ("transfers_backbone", "", BACKBONES, None),
        ("exempt", "", 1, None),
        ("transfers_out", "", None, 6),
        ("hires", "", None, 3 * len(own)),
        ("land", "", None, 9000),
        ("season", "", 5, 9),
    ]
    costs = {**COSTS, "transfer_km": (0, 0, 60)}
    return prepared(facts, distances=roads(seed, own), costs=costs, limits=limits, months=MONTHS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_plan_of_a_large_county_holds(seed: int) -> None:
    """Checker and engine agree with all that is found; the best is near its bound; the shares move, and not too far."""
    problem = problem_of(seed)
    told = list(search(problem.case, gap=GAP))
    plans = [one for one in told if isinstance(one, Found)]
    bound = max((one.cost for one in told if isinstance(one, Bound)), default=0)
    held = [confirmed(problem, one) for one in plans]
    assert isinstance(told[-1], Impossible) or plans[-1].cost - bound <= GAP * plans[-1].cost + 1
    for one in held:
        assert one.cost >= bound - 1
        _moved_as_asked(problem, one)
        still = in_time(problem, one.actions)
        assert still.cost <= one.cost
        assert not {each.item for each in still.actions} & {"teaching_area"}


def _moved_as_asked(problem: Prepared, held: Confirmed) -> None:
    moved = [one for one in held.actions if one.kind == "transfer"]
    everybody = sum(one.quantity for one in moved)
    assert everybody * 100 >= problem.case.eligible * SHARE
    assert sum(one.quantity for one in moved if BACKBONE in one.qualities) * 100 >= everybody * BACKBONES
    assert all(problem.case.terms.distance(one.from_school, one.to_school) <= FAR for one in moved)


def test_these_counties_have_plans() -> None:
    """Else the test above would say nothing."""
    assert any(isinstance(one, Found) for seed in range(3) for one in search(problem_of(seed).case, gap=1.0))


@pytest.mark.parametrize("seed", range(20 if THOROUGH else 1))
def test_every_point_of_a_large_county_s_frontier_holds(seed: int) -> None:
    """As many schools pass as is said, at no more than the point before, nor less than what is proven."""
    problem = problem_of(seed)
    before = None
    for one in frontier(problem.case, 5, GAP):
        held = confirmed(problem, one.found, all_pass=False, may_fail=one.failing)
        assert one.bound <= held.cost + 1
        assert before is None or held.cost <= before + 100 * len(problem.case.schools)
        before = held.cost
