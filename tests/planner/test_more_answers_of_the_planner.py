"""The frontier, other plans, the margin's price, shares of teachers who move, seasons, and what can still count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.planner.alternatives import DEARER, alternatives
from junheng.planner.case import Case
from junheng.planner.check import Claim, faults
from junheng.planner.confirm import Refused, confirmed
from junheng.planner.frontier import failing_now, frontier, numbers
from junheng.planner.plan import Worth, actions_of
from junheng.planner.planning import in_time
from junheng.planner.prepare import Prepared
from junheng.planner.search import Found, last, search
from junheng.planner.terms import Price
from junheng.planner.timing import counting_day, late, latest_start
from junheng.planner.worker import Job, work
from planned import COSTS, THOROUGH, codes, county, facts_of, limits, prepared

SEEDS = range(600 if THOROUGH else 15)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_point_of_the_frontier_holds(seed: int) -> None:
    """Checker and engine agree with each point; a point costs no more than the one before, nor less than its bound."""
    facts = county(seed)
    problem = prepared(facts, limits=limits(seed, codes(facts)))
    before = None
    for one in frontier(problem.case, 4, 1e-6):
        held = confirmed(problem, one.found, all_pass=False, may_fail=one.failing)
        assert held.failing_schools <= one.failing
        assert one.bound <= held.cost + 1
        assert held.cost - one.bound <= 1e-5 * held.cost + 100 * len(codes(facts))
        assert before is None or held.cost <= before + 100 * len(codes(facts))
        before = held.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_every_other_plan_holds_within_its_cost(seed: int) -> None:
    """All pass, the engine agrees, it costs no more than was allowed, and it leaves out what is said."""
    facts = county(seed, most=4)
    problem = prepared(facts, limits=limits(seed, codes(facts)))
    best = last(search(problem.case, gap=1e-5))
    before = 0
    for one in [] if best is None else alternatives(problem.case, best):
        held = confirmed(problem, one.found)
        assert held.failing_schools == 0
        assert best is not None
        assert held.cost <= best.cost * (1 + one.dearer)
        assert len(one.dropped) > before
        before = len(one.dropped)


def test_some_county_has_another_plan_and_a_longer_frontier() -> None:
    """The tests above look at something."""
    others = points = 0
    for seed in SEEDS:
        problem = prepared(county(seed, most=4))
        best = last(search(problem.case, gap=1e-5))
        others += 0 if best is None else len(list(alternatives(problem.case, best, dearer=DEARER[-1:])))
        points += len(list(frontier(problem.case, 4, 1e-4)))
    assert others > len(SEEDS) // 3
    assert points > len(SEEDS)


def test_a_point_with_more_failing_schools_than_allowed_is_refused() -> None:
    """By the checker, whatever is said of it."""
    problem, edge = next(_with_failing())
    assert failing_now(problem.case) > 0
    actions = actions_of(problem.case, edge.steps, problem.assumed)
    claim = Claim(problem.case, actions, edge.cost, all_pass=False, may_fail=0)
    assert any("没有达到" in one for one in faults(claim))
    with pytest.raises(Refused, match="多于 0 所"):
        confirmed(problem, edge, all_pass=False, may_fail=0)


def _with_failing() -> Iterator[tuple[Prepared, Found]]:
    for seed in range(40):
        problem = prepared(county(seed))
        for one in frontier(problem.case, 2, 1e-4):
            if one.failing and confirmed(problem, one.found, all_pass=False).failing_schools:
                yield problem, one.found


@pytest.mark.parametrize(
    ("asked", "told"),
    [((0, 6, 20), (0, 1, 2, 3, 4, 5, 6)), ((2, 2, 5), (2,)), ((0, 40, 5), (0, 10, 20, 30, 40)), ((1, 9, 1), (1, 9))],
)
def test_points_are_spread_evenly_with_both_ends(asked: tuple[int, int, int], told: tuple[int, ...]) -> None:
    """As many as are asked for, or as there are."""
    assert numbers(*asked) == told


# --- the margin ------------------------------------------------------------------------------------------------------


def test_the_margin_costs_what_is_saved_without_it() -> None:
    """The lines are those of the document again, exactly, and the plan is cheaper by what is told."""
    problem = prepared(county(10, most=4), limits=[("margin", "", 3, None)])
    bare = prepared(county(10, most=4), limits=[("margin", "", 0, None)])
    lowered = problem.case.without_margin()
    assert [one.lines for one in lowered.sections] == [one.lines for one in bare.case.sections]
    dear, cheap = (last(search(one.case, gap=1e-6)) for one in (problem, bare))
    assert dear is not None
    assert cheap is not None
    (told,) = [
        one for one in work(Job(problem.case, 1e-6, explain=True)) if isinstance(one, Worth) and one.limit == "margin"
    ]
    assert told.saves == pytest.approx(dear.cost - cheap.cost, abs=2_000)
    assert "3%" in told.message


# --- who must move ---------------------------------------------------------------------------------------------------


def moved(problem: Prepared, found: Found) -> tuple[int, int]:
    """Return how many teachers move, and how many of them are backbone."""
    at = problem.case.qualities.index("backbone_teachers")
    return sum(found.steps.moves.values()), sum(n for (_, _, kind), n in found.steps.moves.items() if kind[at])


def test_a_tenth_moves_and_a_fifth_of_them_is_backbone_where_asked() -> None:
    """Exactly as many as the shares take, of those who can move; the plan holds, and costs no less."""
    tried = 0
    for seed in range(12):
        facts = county(seed, most=4)
        free = prepared(facts)
        asked = prepared(
            facts,
            limits=[("transfers_share", "", 10, None), ("transfers_backbone", "", 20, None), ("exempt", "", 1, None)],
        )
        cheap, found = (last(search(one.case, gap=1e-5)) for one in (free, asked))
        if found is None or cheap is None:
            continue
        everybody, backbone = moved(asked, found)
        assert everybody * 10 >= asked.case.eligible
        assert backbone * 5 >= everybody
        assert confirmed(asked, found).cost >= cheap.cost
        tried += 1
    assert tried > 4


def test_too_few_who_move_are_refused() -> None:
    """By the checker, for each of the two shares."""
    facts = county(1)
    found = last(search(prepared(facts).case))
    assert found is not None
    for item, share in (("transfers_share", 100), ("transfers_backbone", 100)):
        asked = prepared(facts, limits=[(item, "", share, None), ("transfers", "", None, 10_000)])
        if moved(asked, found)[item == "transfers_backbone"] < moved(asked, found)[0] or item == "transfers_share":
            with pytest.raises(Refused, match=item):
                confirmed(asked, found)


def test_those_who_can_move_are_as_reported_else_all_but_the_exempt() -> None:
    """The county's own number of eligible teachers goes before our count."""
    facts = county(3)
    counted = prepared(facts, limits=[("exempt", "", 2, None)]).case
    public = {one.school for one in counted.sections if one.group}
    staff = sum(sum(one.staff.values()) for one in counted.sections if one.group)
    assert counted.eligible == staff - 2 * len(public)
    told = facts_of(
        facts.tables["schools"].to_pylist(),
        county=[{"item": "rotation_eligible_teachers", "value": "77", "note": None}],
    )
    assert prepared(told).case.eligible == 77


# --- when ------------------------------------------------------------------------------------------------------------


def timed(months: int, item: str, today: dt.date | None = None, **least: int) -> Case:
    """Return a case in which a deed takes so many months."""
    case = prepared(county(1), limits=[(name, "", value, None) for name, value in least.items()]).case
    prices = {**case.terms.prices, item: Price(1, lead_months=months, source="询价")}
    return case.on(replace(case.terms, prices=prices, today=today))


@pytest.mark.parametrize(
    ("item", "months", "start"),
    [
        ("equipment_value", 0, dt.date(2026, 9, 1)),
        ("equipment_value", 4, dt.date(2026, 5, 1)),
        ("qualification", 24, dt.date(2024, 9, 1)),
        ("sports_ground_area", 5, dt.date(2026, 4, 1)),
        ("sports_ground_area", 6, dt.date(2025, 10, 1)),
        ("teaching_area", 14, dt.date(2024, 9, 1)),
        ("art_room", 6, dt.date(2026, 3, 1)),
    ],
)
def test_the_latest_start_counts_back_from_the_next_counting_date(item: str, months: int, start: dt.date) -> None:
    """Months one after the other; what is built in the open only from April to October."""
    assert latest_start(timed(months, item), item) == start


def test_a_county_s_own_season_and_day_hold() -> None:
    """From May on; and a day after the counting date means the one after that."""
    assert latest_start(timed(5, "teaching_area", season=5), "teaching_area") == dt.date(2025, 10, 1)
    later = timed(4, "equipment_value", dt.date(2026, 3, 2))
    assert counting_day(later) == dt.date(2026, 9, 1)
    assert not late(later, latest_start(later, "equipment_value"))
    june = timed(4, "equipment_value", dt.date(2026, 6, 1))
    assert late(june, latest_start(june, "equipment_value"))
    assert counting_day(timed(4, "equipment_value", dt.date(2026, 9, 1))) == dt.date(2027, 9, 1)


def test_what_can_still_count_is_judged_by_itself() -> None:
    """What takes too long is left out, and the engine says how many schools fail with the rest."""
    facts = county(2)
    problem = prepared(facts)
    found = last(search(problem.case))
    assert found is not None
    slow = {item: replace(price, lead_months=24) for item, price in problem.case.terms.prices.items()}
    terms = replace(problem.case.terms, prices={**slow, "transfer": problem.case.terms.prices["transfer"]})
    late_one = replace(problem, case=problem.case.on(terms))
    actions = actions_of(late_one.case, found.steps, ())
    told = in_time(late_one, actions)
    assert {one.item for one in told.actions} <= {"transfer"}
    assert told.cost == sum(one.cost for one in told.actions) < found.cost
    assert told.failing_schools > 0
    everything = in_time(problem, actions_of(problem.case, found.steps, ()))
    assert (everything.cost, everything.failing_schools) == (found.cost, 0)


def test_the_shares_are_of_the_best_plan() -> None:
    """Half a hundredth and two hundredths, as leaders asked."""
    assert list(DEARER) == [Fraction(1, 200), Fraction(1, 50)]
    assert set(COSTS) >= {"transfer", "hire"}
