"""Reasons stand in the order in which acting on them would help, and claim only what the engine then says."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest

import impeccable
import junheng as jh
from counties import seeded_schools
from junheng.engine import reasons
from junheng.engine.ranking import Found, rank
from junheng.engine.result import Help, Reason, Spread
from what_if import Changes, changed, judged, outcomes

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAY = dt.date(2025, 9, 1)
Rows = list[dict[str, Any]]


def counties(seed: int, many: int) -> list[Rows]:
    """Draw so many counties that have schools."""
    drawn = (seeded_schools(seed * 1000 + at, 1) for at in range(many * 2))
    return [schools for schools in drawn if schools][:many]


def act(answer: jh.Assessment, reason: Reason) -> Changes:
    """Return the cell that acting on a reason about a section changes, and by how much."""
    stage, _, school = reason.scope.partition(":")
    column = answer.rules.indicators[reason.indicator].terms[0].column(stage)
    assert reason.act
    return {(school, column.name): (reason.act.amount or 0) * column.measure.scale}


def claimed(reason: Reason) -> set[tuple[str, str, str]]:
    """Return the verdicts that acting on a reason is said to turn; the county's rests on more than schools."""
    return {(one.turns, one.scope, one.indicator) for one in reason.helps if one.turns != "county"}


@pytest.mark.parametrize("seed", range(3))
def test_buying_what_a_reason_asks_for_turns_what_it_claims_and_no_more(seed: int) -> None:
    """Each failing line of each drawn county is bought in turn, and the engine judges the county again."""
    drawn = counties(seed, 60)
    tried = [
        (before, reason, changed(schools, act(before, reason)))
        for schools, before in zip(drawn, judged(drawn, DAY), strict=True)
        for reason in before.reasons
        if reason.act and reason.act.to in {"threshold", "floor"} and reason.verdict == "fail"
    ]
    assert len(tried) > 100
    for (before, reason, _), after in zip(tried, judged([rows for _, _, rows in tried], DAY), strict=True):
        new, old = outcomes(after), outcomes(before)
        turned = {key for key, verdict in new.items() if verdict == "pass" and old[key] != "pass"}
        assert turned == claimed(reason), (before.sections, reason)


@pytest.mark.parametrize("seed", range(3))
def test_reporting_what_a_reason_asks_for_settles_what_it_claims(seed: int) -> None:
    """Whatever is reported, the verdict is then no longer open."""
    luck, drawn, tried = random.Random(seed), counties(seed + 50, 100), []
    for schools, before in zip(drawn, judged(drawn, DAY), strict=True):
        for reason in before.reasons:
            if reason.act and reason.act.to == "reported" and claimed(reason) and ":" in reason.scope:
                school = reason.scope.partition(":")[2]
                tried += [
                    (
                        reason,
                        changed(
                            schools, {(school, name): luck.choice([0, 1, 70, 5000]) for name in reason.act.columns}
                        ),
                    )
                    for _ in range(3)
                    if not {"location", "dense_city_core"} & set(reason.act.columns)
                ]
    assert len(tried) > 30
    for (reason, _), after in zip(tried, judged([rows for _, rows in tried], DAY), strict=True):
        verdicts = outcomes(after)
        assert [key for key in claimed(reason) if verdicts.get(key) == "undetermined"] == [], reason


def test_the_example_s_reasons_begin_with_what_turns_something() -> None:
    """Then the nearer; what is undetermined comes last, its most telling number first."""
    reasons = jh.assess(jh.load(SHILI)).reasons
    levels = [one.verdict for one in reasons]
    assert levels == sorted(levels)
    undetermined = [one for one in reasons if one.verdict == "undetermined"]
    assert undetermined[0].act
    assert undetermined[0].act.columns == ("equipment_value",)
    assert [(one.turns, one.scope) for one in undetermined[0].helps] == [
        ("section", "junior:1506990029"),
        ("spread", "junior"),
    ]


def test_a_veto_comes_before_everything(tmp_path: Path) -> None:
    """Nothing else matters while it stands."""
    rows = impeccable.schools("A", "B", equipment_value=1)
    answer = jh.assess(jh.load(impeccable.write(tmp_path, rows, veto_school_choice="是")))
    assert [one.indicator for one in answer.reasons][:2] == ["VETO", "B6"]


def test_the_last_thing_that_fails_turns_the_county(tmp_path: Path) -> None:
    """One requirement, or one gap of one school, between a county and its recognition."""
    (only,) = jh.assess(jh.load(impeccable.write(tmp_path, survey_satisfied=84))).reasons
    assert only.helps == (Help("requirement", "county", "pass"), Help("county", "county", "pass"))
    rows = [*impeccable.schools("A", "B"), *impeccable.schools("C", primary_above_required_teachers=3)]
    (gap,) = jh.assess(jh.load(impeccable.write(tmp_path, rows))).reasons
    assert gap.act
    assert (gap.act.to, gap.act.amount) == ("floor", 1)
    assert [one.turns for one in gap.helps] == ["section", "stage", "resources", "county"]


def test_a_county_fine_but_for_one_number_is_told_which(tmp_path: Path) -> None:
    """The missing cell comes first and settles the county."""
    rows = [*impeccable.schools("A"), *impeccable.schools("B", primary_pe_arts_teachers="")]
    first = jh.assess(jh.load(impeccable.write(tmp_path, rows))).reasons[0]
    assert first.act
    assert first.act.columns == ("primary_pe_arts_teachers",)
    assert first.helps[-1] == Help("county", "county", "settled")


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (Found(_r := Reason("B1", "a", "", "fail")), Found(Reason("B1", "b", "", "undetermined"), first=True)),
        (Found(Reason("B1", "a", "", "fail"), 9, 0.9, first=True), Found(_r)),
        (Found(Reason("B1", "a", "", "fail", None, (Help("section", "a", "pass"),)), 3, 0.9), Found(_r)),
        (Found(_r, 1, 0.9), Found(Reason("B1", "b", "", "fail"), 2, 0.1)),
        (Found(_r, 1, 0.1), Found(Reason("B1", "b", "", "fail"), 1, 0.2)),
    ],
)
def test_each_step_of_the_order(nearer: Found, farther: Found) -> None:
    """Failing, first of all, turning more, less to do, nearer to the line."""
    assert rank([farther, nearer]) == rank([nearer, farther]) == (nearer.reason, farther.reason)


def spread(
    contributions: dict[str, float], cv: float | None = None, bounds: tuple[float, None] | None = None
) -> Spread:
    """Return a spread to which schools contribute."""
    return Spread(None, None, cv, 0.5, "fail", bounds, contributions, None)


@pytest.mark.parametrize(
    ("shares", "schools"),
    [((0.5, 0.5), 1), ((0.3, 0.2, 0.5), 1), ((0.3, 0.4, 0.3), 2), ((0.1,) * 10, 5), ((), 1)],
)
def test_a_spread_is_much_to_do_where_many_make_it(shares: tuple[float, ...], schools: int) -> None:
    """So many as make half of it, the largest first; one where that is not known."""
    assert reasons._to_do(spread({str(at): share for at, share in enumerate(shares)})) == schools


@pytest.mark.parametrize(
    ("cv", "bounds", "excess"),
    [
        (1.0, None, 0.5),
        (0.5, None, 0.0),
        (0.4, None, 0.0),
        (None, (2.0, None), 0.75),
        (None, (0.1, None), 0.0),
        (None, None, 0.0),
    ],
)
def test_how_far_a_spread_is_over_its_limit(cv: float | None, bounds: tuple[float, None] | None, excess: float) -> None:
    """As a share of itself, of the least that it can be."""
    assert reasons._excess(spread({}, cv, bounds)) == excess


def test_who_makes_a_spread_is_named_from_a_tenth_on() -> None:
    """Three at most, the largest first."""
    assert [*reasons.makers(spread({"a": 0.1, "b": 0.5, "c": 0.4}))] == ["b", "c", "a"]
    assert [*reasons.makers(spread({"a": 0.2, "b": 0.3, "c": 0.4, "d": 0.1}))] == ["c", "b", "a"]
    assert [*reasons.makers(spread({"a": 0.09, "b": 0.91}))] == ["b"]


@pytest.mark.parametrize(
    ("value", "line", "counts", "short"),
    [
        (0.5, 1.0, False, 0.5),
        (1.5, 1.0, False, 0.5),
        (3.0, 0.0, True, 0.0),
        (3.0, 4.0, True, 0.0),
        (None, 1.0, False, 0.0),
        (1.0, 0.0, False, 0.0),
    ],
)
def test_how_far_a_figure_is_from_its_line(value: float | None, line: float, counts: bool, short: float) -> None:
    """As a share of the line, on either side; a count of schools tells nothing of it."""
    assert reasons._short(value, line, counts) == short
