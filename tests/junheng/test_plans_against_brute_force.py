"""Tiny counties, every decision tried: no plan is cheaper than the planner's, and there is none where it says so."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import inf

import pytest

from junheng.facts.model import Facts
from junheng.planner.search import last, search
from planned import DAY, STANDARD, THOROUGH, facts_of, prepared

# What things cost in these counties (yuan): whole decisions only, so that all of them can be tried.
COSTS = {"hire_pe_arts": (0, 0, 70), "transfer": (10, 0, 0), "backbone": (40, 0, 0), "multimedia_rooms": (30, 25, 0)}
PUPILS = (90, 150)
HIRED, RAISED, ROOMS = 2, 2, 5
Missed = tuple[frozenset[str], ...]
Kind = tuple[bool, bool, bool]


def county(seed: int) -> Facts:
    """Draw two primary schools: enough area and equipment, too few teachers or rooms here and there."""
    luck = random.Random(seed)
    rows = []
    for at, heads in enumerate(PUPILS):
        people = {"primary_above_required_teachers": luck.randint(heads // 25, heads // 25 + 3)}
        people["primary_backbone_teachers"] = luck.randint(0, 2)
        people["primary_pe_arts_teachers"] = luck.randint(0, 3)
        people["primary_teachers"] = people["primary_above_required_teachers"] + luck.randint(0, 1)
        things = {"teaching_area": heads * 500, "sports_ground_area": heads * 800, "equipment_value": heads * 210_000}
        rows.append(
            {"county_code": "1", "school_code": str(at), "school_type": "primary", "sponsor_code": "7"}
            | {"primary_pupils": heads, "indoor_sports_area": 0, "multimedia_rooms": luck.randint(0, 4)}
            | people
            | things
        )
    return facts_of(rows)


def cheapest(facts: Facts) -> float:
    """Return the cost (yuan) of the cheapest plan, by trying everything; without end where there is none."""
    people, things = _by_missed(_people(facts)), _by_missed(_rooms(facts))
    costs = [
        people[left] + things[right]
        for left in people
        for right in things
        if all(len(one | other) <= STANDARD.may_miss for one, other in zip(left, right, strict=True))
    ]
    return min(costs, default=inf)


def _by_missed(tried: Iterator[tuple[Missed | None, int]]) -> dict[Missed, int]:
    best: dict[Missed, int] = {}
    for missed, cost in tried:
        if missed is not None and cost < best.get(missed, inf):
            best[missed] = cost
    return best


def _judged(counts: Mapping[str, tuple[int, int]]) -> Missed | None:
    """Return which indicators each school misses; None where one is under its floor or a spread is too wide."""
    rules = STANDARD.on(DAY)
    missed: tuple[set[str], ...] = (set(), set())
    for id, own in counts.items():
        threshold, floor = rules.thresholds[id]["primary"], rules.floor(id, "primary")
        values = [Fraction(100 * number, heads) for number, heads in zip(own, PUPILS, strict=True)]
        mean = sum(h * v for h, v in zip(PUPILS, values, strict=True)) / sum(PUPILS)
        squares = sum(h * (v - mean) ** 2 for h, v in zip(PUPILS, values, strict=True))
        if min(values) < floor or squares > rules.spread_limits["primary"] ** 2 * mean**2 * sum(PUPILS):
            return None
        for school, value in zip(missed, values, strict=True):
            school.update({id} if value < threshold else ())
    return tuple(frozenset(one) for one in missed)


def _rooms(facts: Facts) -> Iterator[tuple[Missed | None, int]]:
    now = facts.tables["schools"]["multimedia_rooms"].to_pylist()
    unit, fixed, _ = COSTS["multimedia_rooms"]
    for more in product(range(ROOMS + 1), repeat=2):
        cost = sum(one * unit + fixed * (one > 0) for one in more)
        yield _judged({"B7": tuple(a + b for a, b in zip(now, more, strict=True))}), cost  # type: ignore[dict-item]


def _people(facts: Facts) -> Iterator[tuple[Missed | None, int]]:
    staff = [one.staff for one in prepared(facts, costs=COSTS, limits=[("margin", "", 0, None)]).case.sections]
    kinds = sorted({kind for own in staff for kind in own})
    flows = [range(-staff[1].get(kind, 0), staff[0].get(kind, 0) + 1) for kind in kinds]
    for flow in product(*flows):
        moved = [Counter(own) for own in staff]
        for kind, number in zip(kinds, flow, strict=True):
            moved[0][kind] -= number
            moved[1][kind] += number
        gone = sum(flow)
        for hired in product(range(HIRED + 1), repeat=2):
            if hired[0] < gone or hired[1] < -gone:  # no school ends with fewer teachers
                continue
            cost = sum(map(abs, flow)) * 10 + sum(hired) * 70
            yield from _raised(moved, hired, cost)


def _raised(moved: list[Counter[Kind]], hired: tuple[int, ...], cost: int) -> Iterator[tuple[Missed | None, int]]:
    counts = [[sum(n for kind, n in own.items() if kind[at]) for at in range(3)] for own in moved]
    for raised in product(range(RAISED + 1), repeat=2):
        totals = [
            (above + more, backbone + up, arts + more, sum(own.values()) + more)
            for (above, backbone, arts), own, more, up in zip(counts, moved, hired, raised, strict=True)
        ]
        if all(backbone <= everybody for _, backbone, _, everybody in totals):
            own = {id: (totals[0][at], totals[1][at]) for at, id in enumerate(("B1", "B2", "B3"))}
            yield _judged(own), cost + sum(raised) * 40


@pytest.mark.parametrize("seed", range(150 if THOROUGH else 8))
def test_no_plan_is_cheaper(seed: int) -> None:
    """The planner's cost is the least of all; where nothing tried works, it finds nothing either."""
    facts = county(seed)
    asked = [("margin", "", 0, None), ("hire_pe_arts", "0", None, HIRED), ("hire_pe_arts", "1", None, HIRED)]
    asked += [("backbone", "0", None, RAISED), ("backbone", "1", None, RAISED)]
    asked += [("multimedia_rooms", "0", None, ROOMS), ("multimedia_rooms", "1", None, ROOMS)]
    found = last(search(prepared(facts, costs=COSTS, limits=asked).case, gap=1e-9))
    least = cheapest(facts)

    assert (inf if found is None else found.cost / 100) == least


def test_the_tiny_counties_are_of_every_sort() -> None:
    """Some need much, some little, and the day is the one whose lines are used above."""
    costs = {cheapest(county(seed)) for seed in range(20, 25)}
    assert len(costs) > 2
    assert dt.date(2025, 9, 1) == DAY
