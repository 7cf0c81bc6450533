"""HiGHS with tangents and SCIP with the spreads as they are agree on drawn counties."""

from __future__ import annotations

from math import inf
from types import ModuleType

import pytest

from junheng.planner.confirm import confirmed
from junheng.planner.search import Bound, Found, search
from junheng.planner.second import second_opinion
from planned import THOROUGH, codes, county, limits, prepared

GAP = 1e-7
# Limits that a plan keeps a little more narrowly than it must, and money rounded up to whole yuan, cost so much.
APART, YUAN = 1e-4, 2_000


# Among these are counties without a plan, and such as have one to three spreads that bind.
SEEDS = range(200) if THOROUGH else (1, 3, 9, 10, 22, 23, 25, 27)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_find_the_same_cost(seed: int, scip: ModuleType) -> None:
    """The bound is theirs to a millionth; both plans keep the spreads a little more narrowly; neither has one alone."""
    assert scip
    facts = county(seed, most=4)
    problem = prepared(facts, limits=limits(seed, codes(facts)))
    told = list(search(problem.case, gap=GAP))
    ours = min((one.cost for one in told if isinstance(one, Found)), default=inf)
    bound = max((one.cost for one in told if isinstance(one, Bound)), default=0)
    opinion = second_opinion(problem.case, GAP)
    theirs = opinion.cost

    assert (ours == inf) == (theirs == inf) == opinion.impossible
    if ours < inf:
        assert bound == pytest.approx(theirs, rel=1e-6)
        assert bound - 1 <= ours <= theirs * (1 + APART) + YUAN
        assert opinion.bound == pytest.approx(theirs, rel=1e-6)
        assert opinion.found is not None
        assert bound - 1 <= confirmed(problem, opinion.found).cost <= theirs * (1 + APART) + YUAN
