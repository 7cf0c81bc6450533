"""What one more unit does is what the engine says of the facts with the changed cell."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import golden
import junheng as jh
from counties import drawn_schools, facts_of, seeded_schools
from junheng.engine.sensitivity import More, sensitivities
from junheng.engine.spread import Member, exact_bounds, units_to_limit
from what_if import changed, judged

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAYS = (dt.date(2025, 9, 1), dt.date(2021, 9, 1))
SCALES = {"人": 1, "间": 1, "平方米": 100, "元": 100}
Rows = list[dict[str, Any]]


def states(answer: jh.Assessment, school: str, stage: str, indicator: str) -> dict[str, Any]:
    """Return what an answer says of a section's indicator and of what rests on it."""
    section = next(one for one in answer.sections if (one.school_code, one.stage) == (school, stage))
    own, spread = section.indicators[indicator], answer.stages[stage].indicators[indicator]
    return {
        "value": own.value,
        "status": own.status,
        "verdict": section.verdict,
        "in_sample": section.in_sample,
        "cv": spread.cv,
        "cv_bounds": spread.cv_bounds,
        "cv_status": spread.status,
        "stage_verdict": answer.stages[stage].verdict,
    }


def same(one: Any, other: Any) -> bool:
    """Whether two states are the same, doubles to nine digits."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(map(same, one, other))
    numbers = isinstance(one, float) and isinstance(other, float)
    return one == pytest.approx(other, rel=1e-9, abs=1e-7) if numbers else one == other


def disagreements(schools: Rows, day: dt.date) -> tuple[int, list[str]]:
    """Return how many changed cells were tried, and where the engine says otherwise of the changed facts."""
    answer = next(jh.assess_all(facts_of(schools), as_of=day))
    found = sensitivities(facts_of(schools), answer, answer.sections, list(answer.rules.indicators))
    tried: list[tuple[Any, More]] = [(one, more) for one in found for more in (*one.resource, one.pupil) if more]
    cells = [{(one.school_code, more.column): more.amount * SCALES[more.unit]} for one, more in tried]
    others = list(judged([changed(schools, cell) for cell in cells], day))
    wrong = [
        f"{one} {more.column} {effect.stage} {name}: {getattr(effect.after, name)} {value}"
        for (one, more), other in zip(tried, others, strict=True)
        for effect in more.effects
        for name, value in states(other, one.school_code, effect.stage, one.indicator).items()
        if not same(getattr(effect.after, name), value)
    ]
    return len(tried), wrong


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("seed", range(2))
def test_one_more_is_what_the_engine_says_of_the_changed_cell(seed: int, day: dt.date) -> None:
    """A teacher, a square metre, a yuan, ten thousand, a room, a pupil: every stage that shares it."""
    schools = seeded_schools(100 + seed, 1)
    tried, wrong = disagreements(schools, day) if schools else (1, [])
    assert tried
    assert wrong == []


# Each example judges dozens of counties.
@settings(max_examples=settings().max_examples // 6)
@given(drawn_schools(counties=1, most=3), st.sampled_from(DAYS))
def test_one_more_of_drawn_counties(schools: Rows, day: dt.date) -> None:
    """With every kind of school, missing cells, claims under clauses, sections that enter the sample."""
    assert not schools or disagreements(schools, day)[1] == []


def members(most: int) -> st.SearchStrategy[list[Member]]:
    """Draw the sections of a small stage, with every value known."""
    value = st.fractions(0, 20, max_denominator=9)
    return st.lists(st.builds(Member, st.integers(1, 300), value), min_size=1, max_size=most)


# On the limit is within it; only the unit after the best does; none is needed, and one would be too many; a school
# without anything counts for what the others are raised to.
@example([Member(1, Fraction(0)), Member(1, Fraction(1))], 0, Fraction(3), Fraction(1, 2))
@example([Member(3, Fraction(3)), Member(1, Fraction(6)), Member(1, Fraction(9))], 1, Fraction(1, 3), Fraction(1, 2))
@example([Member(1, Fraction(2)), Member(1, Fraction(6))], 1, Fraction(3), Fraction(1, 2))
@example([Member(3, Fraction(2)), Member(1, Fraction(0)), Member(1, Fraction(12))], 0, Fraction(1, 10), Fraction(1, 2))
@given(
    members(5), st.integers(0, 4), st.fractions(Fraction(1, 9), 3), st.sampled_from([Fraction(1, 2), Fraction(9, 20)])
)
def test_the_units_to_the_limit_are_the_fewest(sample: list[Member], at: int, step: Fraction, limit: Fraction) -> None:
    """Every smaller number is tried; where none is claimed to do, none of the first hundreds does."""
    at %= len(sample)

    def within(units: int) -> bool:
        raised = [
            Member(one.pupils, (one.value or 0) + (units * step if n == at else 0)) for n, one in enumerate(sample)
        ]
        bounds = exact_bounds(raised)
        return bounds.defined and bounds.lowest <= limit**2

    fewest = next((units for units in range(400) if within(units)), None)
    found = units_to_limit(sample, at, step, limit)
    assert found == fewest or (fewest is None and found is not None and within(found) and not within(found - 1))


def test_a_nine_year_school_s_square_metre_helps_both_stages() -> None:
    """One sports ground, two sections; a teacher helps only the stage in which she teaches."""
    facts = jh.load(SHILI)
    ground = jh.sensitivity(facts, "1506990021", "junior", "B5")
    teacher = jh.sensitivity(facts, "1506990021", "junior", "B1")
    assert [effect.stage for effect in ground.resource[0].effects] == ["primary", "junior"]
    assert [effect.stage for effect in teacher.resource[0].effects] == ["junior"]
    assert all(effect.after.value > effect.before.value for effect in ground.resource[0].effects)


def test_money_is_told_by_the_yuan_and_by_ten_thousand() -> None:
    """A yuan moves nothing that one can see."""
    one = jh.sensitivity(jh.load(SHILI), "1506990004", "primary", "B6")
    assert [(more.amount, more.unit) for more in one.resource] == [(1, "元"), (10_000, "元")]


def test_a_school_alone_may_or_may_not_mend_a_spread(tmp_path: Path) -> None:
    """Two schools at 100 and 400 yuan a pupil: the poor one needs 3,334 yuan, the rich one cannot help."""
    rows = [
        {"school_code": code, "school_type": "primary", "primary_pupils": 100, "equipment_value": value}
        for code, value in (("A", 10_000), ("B", 40_000))
    ]
    facts = jh.load(golden.write_schools(rows, tmp_path))
    poor, rich = (jh.sensitivity(facts, code, "primary", "B6", as_of=golden.DAY) for code in "AB")
    assert (poor.units_to_limit, rich.units_to_limit) == (3_334, None)


def test_the_fiftieth_pupil_brings_a_teaching_point_into_the_sample(tmp_path: Path) -> None:
    """And with it its value into the spread."""
    row = {"school_type": "teaching_point", "primary_pupils": 49, "multimedia_rooms": 3}
    other = {"school_code": "B", "school_type": "primary", "primary_pupils": 100, "multimedia_rooms": 3}
    facts = jh.load(golden.write_schools([{"school_code": "A", **row}, other], tmp_path))
    one = jh.sensitivity(facts, "A", "primary", "B7", as_of=golden.DAY)
    assert one.pupil is not None
    (effect,) = one.pupil.effects
    assert (effect.before.in_sample, effect.after.in_sample) == (False, True)
    assert (effect.before.cv, effect.after.cv) == (0, pytest.approx(0.3535533905932738))


def test_a_missing_value_has_no_next_unit() -> None:
    """Nobody knows what one more than an unknown number is."""
    one = jh.sensitivity(jh.load(SHILI), "1506990029", "junior", "B6")
    assert (one.resource, one.units_to_limit) == ((), None)
    assert one.pupil is not None


def test_the_table_of_a_stage_has_every_section_and_indicator() -> None:
    """One row a section, in the order of the file, for one indicator or for all."""
    facts = jh.load(SHILI)
    assert len(jh.sensitivity_table(facts, "primary", "B6")) == 23
    assert len(jh.sensitivity_table(facts, "junior")) == 12 * 7
