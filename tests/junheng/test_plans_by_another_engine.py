"""HiGHS with tangents and SCIP with the spreads as they are agree on drawn counties."""

from __future__ import annotations

from math import inf
from types import ModuleType

import pytest

from junheng.planner.search import Found, search
from planned import THOROUGH, codes, county, limits, prepared
from second_engine import least_cost

GAP = 1e-7
# Limits that a plan keeps a little more narrowly than it must (2e-5), and money rounded up to whole yuan, cost so much.
APART, YUAN = 1e-4, 2_000


@pytest.mark.parametrize("seed", range(200 if THOROUGH else 8))
def test_both_engines_find_the_same_cost(seed: int, scip: ModuleType) -> None:
    """And agree on where there is no plan; where no spread binds, to a millionth."""
    assert scip
    facts = county(seed, most=4)
    case = prepared(facts, limits=limits(seed, codes(facts))).case
    plans = [one.cost for one in search(case, gap=GAP) if isinstance(one, Found)]
    ours, theirs = plans[-1] if plans else inf, least_cost(case, GAP)

    assert (ours == inf) == (theirs == inf)
    if ours < inf:
        assert theirs * (1 - 1e-6) - YUAN <= ours <= theirs * (1 + APART) + YUAN
