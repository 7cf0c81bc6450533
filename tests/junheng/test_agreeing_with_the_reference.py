"""The engine and the slow reference say the same of thousands of counties, and what is missing cannot surprise."""

from __future__ import annotations

import datetime as dt
import random
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import junheng as jh
import reference
from counties import SEEDS, by_county, drawn_schools, facts_of, seeded_schools

DAYS = st.sampled_from([dt.date(2025, 9, 1), dt.date(2021, 9, 1)])
DAY = dt.date(2025, 9, 1)
Rows = list[dict[str, Any]]


def close(wanted: Any, got: float | None) -> bool:
    """Whether a double is the fraction that it stands for, to nine digits."""
    if wanted is None or got is None:
        return wanted is None and got is None
    return got == pytest.approx(float(wanted), rel=1e-9, abs=1e-12)


def differences(schools: Rows, answer: jh.Assessment, day: dt.date) -> list[str]:
    """Return every point on which the engine's answer on one county is not the reference's."""
    sections, spreads, verdicts = reference.judge(schools, day)
    wrong = [f"resources {answer.resources}"] if answer.resources != verdicts["resources"] else []
    wrong += [f"{stage} {one.verdict}" for stage, one in answer.stages.items() if one.verdict != verdicts[stage]]
    if [(one.school, one.stage) for one in sections] != [(one.school_code, one.stage) for one in answer.sections]:
        return [*wrong, "other sections"]
    for want, got in zip(sections, answer.sections, strict=True):
        wrong += _section_differences(want, got)
    for (stage, id), want_spread in spreads.items():
        wrong += _spread_differences(f"{stage} {id}", want_spread, answer.stages[stage].indicators[id])
    return wrong + _coverage_differences(sections, answer)


def _section_differences(want: reference.Section, got: Any) -> list[str]:
    where = f"{want.school} {want.stage}"
    pairs = {
        "pupils": (want.pupils, got.pupils),
        "in_sample": (want.in_sample, got.in_sample),
        "excluded": (want.excluded_because, got.excluded_because),
        "met": (want.met, got.met),
        "verdict": (want.verdict, got.verdict),
    }
    for id, one in got.indicators.items():
        pairs[f"{id} status"] = (want.status[id], one.status)
        pairs[f"{id} gaps"] = (want.gaps[id], (one.gap_to_threshold, one.gap_to_floor))
        pairs[f"{id} value"] = (True, close(want.values[id], one.value))
        pairs[f"{id} says what is missing"] = (one.status == "missing" and want.pupils != 0, bool(one.missing))
    return [f"{where} {name}: {a} {b}" for name, (a, b) in pairs.items() if a != b]


def _spread_differences(where: str, want: reference.Spread, got: Any) -> list[str]:
    low, high = (None, None) if got.cv_bounds is None else got.cv_bounds
    complete = want.reason is None
    root = [None if one is None else sqrt(one) for one in (want.low, want.high)]
    pairs = {
        "status": (want.status, got.status),
        "reason": (want.reason, got.reason),
        "cv": (True, close(root[0] if complete else None, got.cv)),
        "low": (True, complete or want.reason == "mean_zero" or close(root[0], low)),
        "high": (True, complete or want.reason == "mean_zero" or close(root[1], high)),
        "schools": (set(want.shares), set(got.contributions)),
    }
    wrong = [f"{where} {name}: {a} {b}" for name, (a, b) in pairs.items() if a != b]
    uneven = want.low is not None and want.low > reference.F(1, 10**12)
    if uneven and any(abs(float(want.shares[code]) - share) > 1e-9 for code, share in got.contributions.items()):
        wrong.append(f"{where} contributions")
    return wrong


def _coverage_differences(sections: list[reference.Section], answer: jh.Assessment) -> list[str]:
    wrong = []
    for stage, got in answer.coverage.items():
        sample = [one for one in sections if one.stage == stage and one.in_sample]
        full = sum(None not in one.values.values() for one in sample)
        possible = sum(one.stage == stage and one.in_sample is None for one in sections)
        if (len(sample), full, possible) != (got.expected, got.reported, got.possible):
            wrong.append(f"{stage} coverage")
    return wrong


@given(drawn_schools(), DAYS)
def test_the_engine_says_what_the_reference_says(schools: Rows, day: dt.date) -> None:
    """Membership, values, statuses, gaps, verdicts, spreads, bounds, contributions, coverage: all of it."""
    own = by_county(schools)
    for answer in jh.assess_all(facts_of(schools), as_of=day):
        assert differences(own.get(answer.county_code, []), answer, day) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_hundreds_of_counties_at_once_are_judged_as_each_alone_by_the_reference(seed: int) -> None:
    """Two hundred counties in one run: none leaks into another."""
    schools = seeded_schools(seed, 200)
    own = by_county(schools)
    answers = list(jh.assess_all(facts_of(schools), as_of=DAY))
    assert len(answers) == len(own) > 150
    wrong = {one.county_code: differences(own[one.county_code], one, DAY) for one in answers}
    assert {code: found for code, found in wrong.items() if found} == {}


def test_the_drawn_counties_are_worth_judging() -> None:
    """Among them are all verdicts, statuses, reasons and kinds of exclusion."""
    answers = list(jh.assess_all(facts_of(seeded_schools(0, 400)), as_of=DAY))
    sections = [one for answer in answers for one in answer.sections]
    spreads = [one for answer in answers for stage in answer.stages.values() for one in stage.indicators.values()]
    assert {answer.resources for answer in answers} >= {"fail", "undetermined"}
    assert {one.verdict for one in sections} == {"pass", "fail", "undetermined"}
    assert {m.status for one in sections for m in one.indicators.values()} == {"met", "floor", "below", "missing"}
    assert {one.in_sample for one in sections} == {True, False, None}
    assert {one.excluded_because for one in sections if one.in_sample is False} == {
        "no_pupils",
        "small_teaching_point",
        "special_school",
        "vocational_school",
    }
    assert {one.reason for one in spreads} == {None, "missing", "mean_zero", "no_schools"}
    assert {one.status for one in spreads} == {"pass", "fail", "undetermined"}


CELLS = [
    *(f"{stage}_{name}" for stage in reference.STAGES for name in ("above_required_teachers", "backbone_teachers")),
    *(f"{stage}_pe_arts_teachers" for stage in reference.STAGES),
    *("teaching_area", "sports_ground_area", "equipment_value", "multimedia_rooms"),
]


def judged_side_by_side(one: Rows, other: Rows) -> tuple[jh.Assessment, jh.Assessment]:
    """Return the answers on two versions of a county, judged in one run under two codes."""
    rows = [{**row, "county_code": code} for code, version in (("one", one), ("two", other)) for row in version]
    answers = {answer.county_code: answer for answer in jh.assess_all(facts_of(rows), as_of=DAY)}
    return answers["one"], answers["two"]


@given(drawn_schools(counties=1, least=1), st.integers(0, 2**32))
def test_no_number_that_was_missing_can_change_what_was_said(schools: Rows, seed: int) -> None:
    """Fill the empty cells with anything: a verdict that was given stands, and every CV lies within its bounds."""
    luck = random.Random(seed)
    filled = [
        {
            name: luck.choice([0, 1, 7, 500, 10**5]) if name in CELLS and cell is None else cell
            for name, cell in row.items()
        }
        for row in schools
    ]
    before, after = judged_side_by_side(schools, filled)
    for old, new in zip(before.sections, after.sections, strict=True):
        assert old.verdict in ("undetermined", new.verdict)
    for stage, one in before.stages.items():
        for id, spread in one.indicators.items():
            cv = after.stages[stage].indicators[id].cv
            if spread.cv_bounds is not None and cv is not None:
                low, high = spread.cv_bounds
                assert low - 1e-9 <= cv <= (high if high is not None else cv) + 1e-9
                assert spread.status in ("undetermined", after.stages[stage].indicators[id].status)


@given(drawn_schools(counties=1, least=1), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(schools: Rows, luck: random.Random) -> None:
    """A county is the same however its list is sorted."""
    shuffled = luck.sample(schools, len(schools))
    first, second = judged_side_by_side(schools, shuffled)
    assert (first.resources, first.stages.keys()) == (second.resources, second.stages.keys())
    verdicts = [{(one.school_code, one.stage): one.verdict for one in answer.sections} for answer in (first, second)]
    assert verdicts[0] == verdicts[1]
    for stage in first.stages:
        pairs = zip(first.stages[stage].indicators.values(), second.stages[stage].indicators.values(), strict=True)
        assert all(a.status == b.status and close(a.cv, b.cv) for a, b in pairs)
