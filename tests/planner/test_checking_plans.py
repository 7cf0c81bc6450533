"""The exact checker refuses every kind of wrong plan: each family of constraints is broken once, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import junheng as jh
from junheng.facts.model import Facts
from junheng.facts.readers import load_plan_tables
from junheng.planner.case import Case
from junheng.planner.check import Claim, faults
from junheng.planner.confirm import Refused, confirmed
from junheng.planner.plan import Action, actions_of
from junheng.planner.prepare import Prepared, prepare
from junheng.planner.search import Found, last, search
from junheng.planner.terms import terms_of
from planned import STANDARD, county, facts_of, prepared

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"


@pytest.fixture(scope="module")
def problem() -> Prepared:
    """What the example county has to solve."""
    facts = jh.load(SHILI)
    names = {row["school_code"]: row["school_name"] for row in facts.tables["schools"].to_pylist()}
    return prepare(facts, STANDARD, None, terms_of(load_plan_tables(SHILI), names))


@pytest.fixture(scope="module")
def found(problem: Prepared) -> Found:
    """Its plan."""
    best = last(search(problem.case))
    assert best is not None
    return best


@pytest.fixture(scope="module")
def actions(problem: Prepared, found: Found) -> tuple[Action, ...]:
    """What the plan does."""
    return actions_of(problem.case, found.steps, problem.assumed)


def wrong(case: Case, actions: Sequence[Action], **claimed: Any) -> list[str]:
    """Return what the checker finds."""
    return faults(Claim(case, actions, **{"cost": sum(one.cost for one in actions), **claimed}))


def more(one: Action, quantity: int) -> Action:
    """Return an action of another quantity, at its right price."""
    return replace(one, quantity=quantity, cost=quantity * one.unit_cost + one.fixed_cost)


def of(actions: Sequence[Action], kind: str) -> Action:
    """Return the first action of a kind."""
    return next(one for one in actions if one.kind == kind)


def without(actions: Sequence[Action], one: Action) -> list[Action]:
    """Return the other actions."""
    return [each for each in actions if each is not one]


def on(case: Case, **most: int) -> Case:
    """Return the case with other upper limits for the county."""
    limits = {(item, ""): Fraction(value) for item, value in most.items()}
    return case.on(replace(case.terms, most={**case.terms.most, **limits}))


def test_the_plan_itself_is_right(problem: Prepared, found: Found, actions: tuple[Action, ...]) -> None:
    """Nothing is found, and every kind of action that the tests below break is in it."""
    assert wrong(problem.case, actions, cost=found.cost) == []
    assert {one.kind for one in actions} == {"transfer", "upgrade", "build", "buy"}


def test_a_cost_that_is_not_the_price_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """One action costs a fen more; the sum is told wrongly; a fixed price is left out; a price does not exist."""
    one = of(actions, "upgrade")
    assert any(
        "单价乘数量" in fault
        for fault in wrong(problem.case, [*without(actions, one), replace(one, cost=one.cost + 1)])
    )
    assert wrong(problem.case, actions, cost=sum(each.cost for each in actions) - 1) == ["各项金额之和不等于总额"]
    built = next(each for each in actions if each.fixed_cost)
    cheap = replace(built, fixed_cost=0, cost=built.cost - built.fixed_cost)
    assert any("固定费用" in fault for fault in wrong(problem.case, [*without(actions, built), cheap]))
    unpriced = problem.case.on(replace(problem.case.terms, prices={}))
    assert any("没有价格" in fault for fault in wrong(unpriced, actions))


@pytest.mark.parametrize("column", ["budget", "budget_works", "budget_equipment", "budget_other"])
def test_an_overspent_budget_is_refused(problem: Prepared, actions: tuple[Action, ...], column: str) -> None:
    """All of the money, and each column by itself."""
    assert any("经费" in fault for fault in wrong(on(problem.case, **{column: 100}), actions))
    assert wrong(on(problem.case, **{column: 10**7}), actions) == []


def test_teachers_who_may_not_move_are_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """To a school of another language, to a private one, to another stage, to the school itself."""
    one = of(actions, "transfer")
    mongolian, private, junior = "1506990005", "1506990008", "1506990022"
    for school in (mongolian, private, junior, one.from_school):
        moved = [*without(actions, one), replace(one, to_school=school)]
        assert any("不能交流" in fault for fault in wrong(problem.case, moved)), school


def test_more_teachers_than_there_are_are_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """Of a kind of which the school has only some."""
    one = of(actions, "transfer")
    assert any("没有这么多" in fault for fault in wrong(problem.case, [*without(actions, one), more(one, 400)]))


def test_a_transfer_too_far_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """Nearer than any two schools lie."""
    assert any("太远" in fault for fault in wrong(on(problem.case, distance=1), actions))


def test_a_school_stripped_of_teachers_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """Those who should come in exchange do not."""
    one = of(actions, "transfer")
    assert any("少于应当保留" in fault for fault in wrong(problem.case, without(actions, one)))


def test_more_of_a_quality_than_teachers_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """A school cannot raise more teachers than it has."""
    one = of(actions, "upgrade")
    assert any("超出教师总数" in fault for fault in wrong(problem.case, [*without(actions, one), more(one, 300)]))


@pytest.mark.parametrize("item", ["transfers", "transfers_out", "transfers_in", "backbone", "equipment_value"])
def test_more_than_a_limit_is_refused(problem: Prepared, actions: tuple[Action, ...], item: str) -> None:
    """Each of these is done at least once."""
    assert any("超出限制" in fault for fault in wrong(on(problem.case, **{item: 0}), actions))


def test_less_than_must_be_done_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """The county wants a hundred transfers."""
    terms = replace(problem.case.terms, least={**problem.case.terms.least, ("transfers", ""): Fraction(100)})
    assert any("transfers" in fault for fault in wrong(problem.case.on(terms), actions))


def test_those_who_are_exempt_stay(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """Where everybody is exempt, nobody leaves."""
    terms = replace(problem.case.terms, least={**problem.case.terms.least, ("exempt", ""): Fraction(1000)})
    assert any("不参加交流" in fault for fault in wrong(problem.case.on(terms), actions))


def test_more_than_the_land_holds_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """A ground larger than the plot."""
    one = next(each for each in actions if each.item == "sports_ground_area")
    assert any("土地" in fault for fault in wrong(problem.case, [*without(actions, one), more(one, 5000)]))


def test_a_line_that_is_not_reached_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """Each thing that a school needs is left out once."""
    ground = next(each for each in actions if each.item == "sports_ground_area")
    for one in (ground, of(actions, "upgrade")):
        assert any("没有达到" in fault for fault in wrong(problem.case, without(actions, one)))
        assert any(
            "没有达到" in fault for fault in wrong(problem.case, [*without(actions, one), more(one, one.quantity - 1)])
        )


def test_a_spread_that_is_too_wide_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """What was bought only for the spread is left out; a plan that gives schools up may leave it."""
    one = next(each for each in actions if each.item == "equipment_value" and each.school == "1506990008")
    assert wrong(problem.case, without(actions, one)) == ["primary B6 的差异系数超过上限"]
    assert wrong(problem.case, without(actions, one), all_pass=False) == []


def test_a_room_that_is_lacking_is_refused(problem: Prepared, actions: tuple[Action, ...]) -> None:
    """The art room is not built."""
    one = next(each for each in actions if each.item == "art_room")
    assert wrong(problem.case, without(actions, one)) == ["1506990014 缺 art_room"]


def crowded() -> Facts:
    """Return a county with a class that is too large, and so with one class too few."""
    schools = county(3).tables["schools"].to_pylist()
    row = next(one for one in schools if one["primary_pupils"])
    row |= {"primary_classes": 12, "junior_classes": 0}
    rooms = [{"school_code": row["school_code"], "kind": kind, "area": 10_000} for kind in ("music", "art")]
    sizes = [45, 52]
    classes = [
        {"school_code": row["school_code"], "stage": "primary", "grade": 1, "class_name": str(at), "pupils": size}
        for at, size in enumerate(sizes)
    ]
    return facts_of(schools, classes=classes, rooms=rooms)


def test_a_new_class_needs_a_teacher_a_room_and_rooms_for_music_and_art() -> None:
    """The thirteenth class asks for a second music room and art room; each that is left out is refused."""
    problem = prepared(crowded())
    found = last(search(problem.case))
    assert found is not None
    plan = confirmed(problem, found)
    actions = plan.actions
    assert {"class_room", "music_room", "art_room"} <= {one.item for one in actions}
    for item in ("class_room", "music_room", "art_room"):
        one = next(each for each in actions if each.item == item)
        assert any("缺" in fault for fault in wrong(problem.case, without(actions, one)))
    (school,) = problem.case.new_classes
    fewer = [one for one in actions if not (one.kind == "hire" and one.school == school[0])]
    assert any("没有教师" in fault for fault in wrong(problem.case, fewer))
    after = [row["pupils"] for row in plan.after.tables["classes"].to_pylist()]
    assert sorted(after) == [32, 32, 33]
    parts = plan.assessment.requirements["B12"].parts
    assert [part.failing for part in parts] == [0, 0]


def test_a_wrong_plan_is_never_shown(problem: Prepared, found: Found) -> None:
    """Whatever proposes it: the planner says what is wrong and stops."""
    steps = replace(found.steps, bought={})
    with pytest.raises(Refused, match="没有达到"):
        confirmed(problem, Found(steps, steps.cost(problem.case)))
