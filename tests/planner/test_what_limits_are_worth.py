"""What one more unit of a limit saves is what solving again says, and so is the price of a spread and of the 6 of 7."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.model import build
from junheng.planner.plan import Worth
from junheng.planner.search import Found, Search, last, search
from junheng.planner.steps import Steps
from junheng.planner.worker import Job, work
from planned import county, prepared

GAP = 1e-6
NEAR = 2_000  # fen: each plan is rounded up to whole yuan


def hired(steps: Steps) -> int:
    """Return how many teachers a plan hires."""
    return sum(steps.hired.values())


def with_hires(case: Case, most: int) -> Case:
    """Return the case in which so many may be hired."""
    return case.on(replace(case.terms, most={**case.terms.most, ("hires", ""): Fraction(most)}))


def plan(case: Case) -> Found | None:
    """Return the cheapest plan."""
    return last(search(case, gap=GAP))


def worth(case: Case) -> list[Worth]:
    """Return what the worker says that limits are worth."""
    return [one for one in work(Job(case, GAP, explain=True)) if isinstance(one, Worth)]


def test_one_more_teacher_saves_what_is_told() -> None:
    """In some county where fewer may be hired than would be best, and in which it still works."""
    tried = 0
    for seed in range(30):
        case = prepared(county(seed, most=4)).case
        free = plan(case)
        if free is None or not hired(free.steps):
            continue
        narrow = with_hires(case, hired(free.steps) - 1)
        dearer = plan(narrow)
        if dearer is None or dearer.cost <= free.cost + NEAR:
            continue
        (told,) = [one for one in worth(narrow) if one.limit == "hires"]
        assert told.saves == pytest.approx(dearer.cost - free.cost, abs=NEAR)
        tried += 1
        if tried == 2:
            return
    raise AssertionError("no county in which one more teacher is worth anything")


def test_a_spread_s_price_is_the_difference_without_it() -> None:
    """In a county in which two spreads bind: each by itself."""
    case = prepared(county(10, most=4)).case
    best = plan(case)
    assert best is not None
    spreads = [one for one in worth(case) if one.limit.startswith("cv:")]
    assert spreads
    for told in spreads:
        _, stage, indicator = told.limit.split(":")
        model = build(case)
        others = {key: limit for key, limit in all_limits(model).items() if key != (stage, indicator)}
        without = last(Search(model, others, GAP).run())
        assert without is not None
        assert told.saves == pytest.approx(best.cost - without.cost, abs=NEAR)
