"""Tiny counties, every decision tried: no plan is cheaper than the planner's, and there is none where it says so."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import inf

import pytest

from junheng.facts.model import Facts
from junheng.planner.alternatives import alternatives, decisions
from junheng.planner.case import Case
from junheng.planner.frontier import failing_now, frontier
from junheng.planner.search import last, search
from junheng.planner.steps import Decision
from planned import DAY, STANDARD, THOROUGH, facts_of, prepared

# What things cost in these counties (yuan): whole decisions only, so that all of them can be tried.
COSTS = {"hire_pe_arts": (0, 0, 70), "transfer": (10, 0, 0), "backbone": (40, 0, 0), "multimedia_rooms": (30, 25, 0)}
PUPILS = (90, 150)
HIRED, RAISED, ROOMS = 2, 2, 5
Missed = tuple[frozenset[str], ...]
Kind = tuple[bool, bool, bool]
Judge = Callable[[Mapping[str, tuple[int, int]]], "Missed | None"]


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


def _states(counts: Mapping[str, tuple[int, int]]) -> Missed:
    """Return which indicators each school misses, however far it is under, and whatever the spreads are.

    What is under its floor stands there too often for any school to pass.
    """
    rules = STANDARD.on(DAY)
    missed: tuple[set[str], ...] = (set(), set())
    for id, own in counts.items():
        for school, number, heads in zip(missed, own, PUPILS, strict=True):
            value = Fraction(100 * number, heads)
            school.update({id} if value < rules.thresholds[id]["primary"] else ())
            school.update({id, f"{id} under"} if value < rules.floor(id, "primary") else ())
    return tuple(frozenset(one) for one in missed)


def _rooms(facts: Facts, judge: Judge = _judged) -> Iterator[tuple[Missed | None, int]]:
    now = facts.tables["schools"]["multimedia_rooms"].to_pylist()
    unit, fixed, _ = COSTS["multimedia_rooms"]
    for more in product(range(ROOMS + 1), repeat=2):
        cost = sum(one * unit + fixed * (one > 0) for one in more)
        yield judge({"B7": tuple(a + b for a, b in zip(now, more, strict=True))}), cost  # type: ignore[dict-item]


def _people(
    facts: Facts, judge: Judge = _judged, told: list[frozenset[Decision]] | None = None
) -> Iterator[tuple[Missed | None, int]]:
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
            for raised, missed, whole in _raised(moved, hired, cost, judge):
                if told is not None:
                    told.append(_people_done(flow, hired, raised))
                yield missed, whole


def _raised(
    moved: list[Counter[Kind]], hired: tuple[int, ...], cost: int, judge: Judge
) -> Iterator[tuple[tuple[int, ...], Missed | None, int]]:
    counts = [[sum(n for kind, n in own.items() if kind[at]) for at in range(3)] for own in moved]
    for raised in product(range(RAISED + 1), repeat=2):
        totals = [
            (above + more, backbone + up, arts + more, sum(own.values()) + more)
            for (above, backbone, arts), own, more, up in zip(counts, moved, hired, raised, strict=True)
        ]
        if all(backbone <= everybody for _, backbone, _, everybody in totals):
            own = {id: (totals[0][at], totals[1][at]) for at, id in enumerate(("B1", "B2", "B3"))}
            yield raised, judge(own), cost + sum(raised) * 40


def case_of(facts: Facts) -> Case:
    """Return a tiny county's problem: no margin, and no more of anything than is tried."""
    asked = [("margin", "", 0, None), ("hire_pe_arts", "0", None, HIRED), ("hire_pe_arts", "1", None, HIRED)]
    asked += [("backbone", "0", None, RAISED), ("backbone", "1", None, RAISED)]
    asked += [("multimedia_rooms", "0", None, ROOMS), ("multimedia_rooms", "1", None, ROOMS)]
    return prepared(facts, costs=COSTS, limits=asked).case


@pytest.mark.parametrize("seed", range(150 if THOROUGH else 8))
def test_no_plan_is_cheaper(seed: int) -> None:
    """The planner's cost is the least of all; where nothing tried works, it finds nothing either."""
    facts = county(seed)
    found = last(search(case_of(facts), gap=1e-9))
    least = cheapest(facts)

    assert (inf if found is None else found.cost / 100) == least


def cheapest_with(facts: Facts, failing: int) -> float:
    """Return the least cost (yuan) with which at most so many schools fail, spreads aside, by trying everything."""
    people, things = _by_missed(_people(facts, _states)), _by_missed(_rooms(facts, _states))
    costs = [
        people[left] + things[right]
        for left in people
        for right in things
        if sum(len(one | other) > STANDARD.may_miss for one, other in zip(left, right, strict=True)) <= failing
    ]
    return min(costs, default=inf)


@pytest.mark.parametrize("seed", range(80 if THOROUGH else 6))
def test_no_point_of_the_frontier_is_dearer_than_it_must_be(seed: int) -> None:
    """For each number of failing schools, from the fewest that must fail to those that fail now."""
    facts = county(seed)
    case = case_of(facts)
    edges = list(frontier(case, 3, 1e-9))
    least = {number: cheapest_with(facts, number) for number in range(3)}
    assert {one.failing: one.found.cost / 100 for one in edges} == {
        number: least[number] for number in range(failing_now(case) + 1) if least[number] < inf
    }
    assert all(one.bound <= one.found.cost + 1 for one in edges)


Kept = dict[tuple[Missed, int], float]


def most_different(facts: Facts, own: frozenset[Decision], most: float) -> float:
    """Return the fewest of some decisions that any plan within a cost (yuan) takes, by trying everything."""
    people, things = _kept(_people_decided(facts), own), _kept(_rooms_decided(facts), own)
    counts = [
        left_kept + right_kept + len(own & _misses(left, right))
        for (left, left_kept), cost in people.items()
        for (right, right_kept), more in things.items()
        if cost + more <= most
        and all(len(one | other) <= STANDARD.may_miss for one, other in zip(left, right, strict=True))
    ]
    return min(counts, default=inf)


def _misses(left: Missed, right: Missed) -> frozenset[Decision]:
    both = enumerate(zip(left, right, strict=True))
    return frozenset(("miss", str(at), "primary", id) for at, (one, other) in both for id in one | other)


def _kept(tried: Iterator[tuple[Missed | None, float, frozenset[Decision]]], own: frozenset[Decision]) -> Kept:
    best: Kept = {}
    for missed, cost, decided in tried:
        if missed is not None:
            key = missed, len(own & decided)
            best[key] = min(cost, best.get(key, inf))
    return best


def _rooms_decided(facts: Facts) -> Iterator[tuple[Missed | None, float, frozenset[Decision]]]:
    tried = zip(product(range(ROOMS + 1), repeat=2), _rooms(facts), strict=True)
    for more, (missed, cost) in tried:
        bought = frozenset(("buy", str(at), "", "multimedia_rooms") for at, one in enumerate(more) if one)
        yield missed, cost, bought


def _people_decided(facts: Facts) -> Iterator[tuple[Missed | None, float, frozenset[Decision]]]:
    told: list[frozenset[Decision]] = []
    for missed, cost in _people(facts, told=told):
        yield missed, cost, told[-1]


def _people_done(flow: tuple[int, ...], hired: tuple[int, ...], raised: tuple[int, ...]) -> frozenset[Decision]:
    """Return the decisions of transfers (from the first school to the second), hires and raises."""
    ways = [(("give", "0"), ("take", "1"), any(one > 0 for one in flow))]
    ways += [(("give", "1"), ("take", "0"), any(one < 0 for one in flow))]
    moved = {(*end, "primary", "") for *ends, done in ways if done for end in ends}
    new = {("hire", str(at), "primary", "hire_pe_arts") for at, one in enumerate(hired) if one}
    return frozenset(
        moved | new | {("upgrade", str(at), "primary", "backbone") for at, one in enumerate(raised) if one}
    )


@pytest.mark.parametrize("seed", range(60 if THOROUGH else 6))
def test_no_other_plan_within_the_cost_differs_more(seed: int) -> None:
    """Within half as much again as the best, whichever other decisions a plan takes."""
    facts = county(seed)
    case = case_of(facts)
    best = last(search(case, gap=1e-9))
    if best is None:
        return
    own = decisions(case, best.steps)
    dearer = Fraction(1, 2)
    found = list(alternatives(case, best, 1e-9, [dearer]))
    least = most_different(facts, own, best.cost / 100 * float(1 + dearer))
    assert [len(one.dropped) for one in found] == [len(own) - least] * (least < len(own))
    for one in found:
        assert one.found.cost <= best.cost * (1 + dearer)
        assert own - decisions(case, one.found.steps) == set(one.dropped)


def test_the_tiny_counties_are_of_every_sort() -> None:
    """Some need much, some little, and the day is the one whose lines are used above."""
    costs = {cheapest(county(seed)) for seed in range(20, 25)}
    assert len(costs) > 2
    assert dt.date(2025, 9, 1) == DAY
