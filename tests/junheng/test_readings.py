"""What an answer says of another reading is what the county would get if that reading were in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import golden
import impeccable
import junheng as jh
from junheng.engine.assess import assess_all
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.schema import SCHOOLS, TABLES
from junheng.standard.model import Disputed, Reading, Standard
from junheng.standard.requirements import Requirement

NATIONAL = jh.load_standard()
OF_REQUIREMENTS = [
    pytest.param(one, question, reading, id=f"{one.id}: {reading.reading}")
    for one in NATIONAL.requirements.values()
    for question, reading in one.readings
]
FLAG = st.none() | st.booleans()
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "school_type": st.sampled_from([None, "primary", "primary", "teaching_point", "junior", "nine_year", "special"]),
    "location": st.sampled_from([None, "town", "rural"]),
    "sponsor_code": st.sampled_from([None, "7", "7", "10"]),
    "is_boarding": FLAG,
    "dense_city_core": FLAG,
    "built_year": st.sampled_from([None, 2010, 2011, 2016, 2017]),
    "approved_operating_fund": st.sampled_from([None, 0, 7_200_000, 10_000_000]),
    **{f"{stage}_pupils": st.sampled_from([None, 0, 60, 90, 100, 2001, 2400, 2500]) for stage in ("primary", "junior")},
    **{f"{stage}_classes": st.sampled_from([None, 1, 12, 13]) for stage in ("primary", "junior")},
}
NEAR = st.sampled_from([None, 0, 5, 19, 20, 50, 94, 95, 99, 100, 101])
COLUMNS = (
    *("migrant_pupils", "operating_budget", "training_budget", "operating_final", "training_spent"),
    *("graduates", "transfers_in", "transfers_out", "entry_grade7", "deaths", "extra_sports_area"),
    *("teaching_area", "indoor_sports_area", "sports_ground_area"),
    *(
        f"{stage}_{name}"
        for stage in ("primary", "junior")
        for name in (
            "new_pupils",
            "new_in_zone_pupils",
            "in_zone_pupils",
            "pe_arts_teachers",
            "visiting_pe_arts_teachers",
        )
    ),
)
ITEMS = ("special_pupils", "rotation_eligible_teachers", "rotated_teachers", "rotated_backbone_teachers")
ROOMS = st.fixed_dictionaries(
    {
        "school_code": st.sampled_from("012"),
        "kind": st.sampled_from(["music", "art"]),
        "area": st.sampled_from([None, 6700, 7300, 9000, 9600]),
    }
)


@st.composite
def counties(draw: st.DrawFn) -> Facts:
    """Draw a county whose cells lie where readings differ, with some not reported."""
    schools = [
        dict.fromkeys(SCHOOLS.by_name)
        | {name: draw(cells) for name, cells in CELLS.items()}
        | {name: draw(NEAR) for name in COLUMNS}
        | {"county_code": "1", "school_code": str(code)}
        for code in range(draw(st.integers(1, 3)))
    ]
    items = {name: draw(NEAR) for name in ITEMS}
    items |= {"special_operating_fund": draw(st.sampled_from([None, 0, 57_000_000, 76_000_000]))}
    items |= {f"veto_{name}": draw(FLAG) for name in impeccable.VETOES}
    items |= dict.fromkeys(("operating_quota_primary", "operating_quota_junior"), 72_000)
    rows = {"schools": schools, "rooms": draw(st.lists(ROOMS, max_size=6))}
    tables = {
        name: pa.Table.from_pylist(
            [{column: row.get(column) for column in table.by_name} for row in rows.get(name, [])], arrow_schema(table)
        )
        for name, table in TABLES.items()
    }
    return Facts(tables, items={name: value for name, value in items.items() if value is not None})


def in_force(requirement: Requirement, reading: Reading) -> Standard:
    """Return the document in which a reading's parts stand where those stand that it replaces."""
    parts = (*(part for part in requirement.parts if part.id not in reading.replaces), *reading.parts)
    changed = replace(requirement, parts=parts, disputed=())
    return replace(NATIONAL, requirements={**NATIONAL.requirements, requirement.id: changed})


def told(answer: jh.Assessment, question: Disputed) -> tuple[dict[tuple[str, str], str], str]:
    """Return what an answer says that the other reading of a question turns, and the verdict under it."""
    found = [one for one in answer.readings if one.question == question.question]
    assert len(found) <= 1
    changes = {(change.indicator, change.scope): change.then for one in found for change in one.changes}
    return changes, found[0].verdict if found else answer.verdict


@pytest.mark.parametrize(("requirement", "question", "reading"), OF_REQUIREMENTS)
def test_a_reading_of_a_requirement_is_told_as_if_it_were_in_force(
    requirement: Requirement, question: Disputed, reading: Reading
) -> None:
    """Judged beside the answer, its status is that of a document which asks it instead."""

    @settings(max_examples=max(10, settings.default.max_examples // 12))
    @given(counties())
    def holds(facts: Facts) -> None:
        (now,) = assess_all(facts, NATIONAL, golden.DAY)
        (then,) = assess_all(facts, in_force(requirement, reading), golden.DAY)
        changes, verdict = told(now, question)
        status = then.requirements[requirement.id].status
        same = status == now.requirements[requirement.id].status

        assert changes == ({} if same else {(requirement.id, "county"): status})
        assert same or verdict == then.verdict

    holds()


@settings(max_examples=max(10, settings.default.max_examples // 4))
@given(counties())
def test_past_clauses_are_told_as_if_they_were_in_force(facts: Facts) -> None:
    """Eased parts judged in the same run, and counties judged again, say what a document with a later end says."""
    clauses = {id: replace(one, until=dt.date(2030, 1, 1)) for id, one in NATIONAL.transition_clauses.items()}
    (now,) = assess_all(facts, NATIONAL, golden.DAY)
    (then,) = assess_all(facts, replace(NATIONAL, transition_clauses=clauses), golden.DAY)
    question = next(one for one, reading in NATIONAL.readings if reading.effect == "clauses_extended")
    changes, verdict = told(now, question)

    expected = {
        (id, "county"): one.status for id, one in then.requirements.items() if one.status != now.requirements[id].status
    }
    expected |= {
        ("", f"{one.stage}:{one.school_code}"): one.verdict
        for one, was in zip(then.sections, now.sections, strict=True)
        if one.verdict != was.verdict and one.in_sample is not False
    }
    expected |= {
        (id, stage): one.status
        for stage, answer in then.stages.items()
        for id, one in answer.indicators.items()
        if one.status != now.stages[stage].indicators[id].status
    }
    assert changes == expected
    assert not changes or verdict == then.verdict


@pytest.mark.parametrize(
    ("items", "question", "verdicts"),
    [
        ({"special_operating_fund": 70_000}, "特殊教育生均公用经费的线", ("fail", "pass")),
        ({"veto_burden": "是"}, "第七项的生效日", ("fail", "pass")),
        ({"rotation_eligible_teachers": 50}, "骨干教师比例的分母", ("pass", "fail")),
        ({"disabled_children": 10_000, "disabled_children_enrolled": 9495}, "先舍入再判定", ("fail", "pass")),
    ],
)
def test_a_reading_can_turn_the_verdict_of_a_county(
    tmp_path: Path, items: dict[str, Any], question: str, verdicts: tuple[str, str]
) -> None:
    """Of a county in which all else passes, the verdict under the reading stands beside its own."""
    answer = jh.assess(jh.load(impeccable.write(tmp_path, **items)))
    (effect,) = [one for one in answer.readings if question in one.question]

    assert (answer.verdict, effect.verdict) == verdicts


def test_a_county_that_no_reading_would_change_is_told_nothing(tmp_path: Path) -> None:
    """Silence says that every computed reading was tried."""
    rows = impeccable.schools("A", "B", operating_final=200_000, training_spent=12_000)
    items = {"rotation_eligible_teachers": 10, "rotated_teachers": 10}
    answer = jh.assess(jh.load(impeccable.write(tmp_path, rows, **items)))

    assert answer.verdict == "pass"
    assert answer.readings == ()


def test_only_counties_that_claim_are_judged_again() -> None:
    """Of two counties judged together, the claim of one changes nothing that is said of the other."""
    pupil = {"school_type": "primary", "location": "rural", "primary_pupils": 60, "primary_pe_arts_teachers": 0}
    rows = [
        {"county_code": "1", "school_code": "A", **pupil, "primary_visiting_pe_arts_teachers": 1},
        {"county_code": "2", "school_code": "B", **pupil},
    ]
    tables = {
        name: pa.Table.from_pylist(
            [{column: row.get(column) for column in table.by_name} for row in rows if name == "schools"],
            arrow_schema(table),
        )
        for name, table in TABLES.items()
    }
    first, second = assess_all(Facts(tables), NATIONAL, golden.DAY)

    assert [one.question for one in first.readings] == ["过渡条款的截止日期"]
    assert second.readings == ()


def test_every_other_reading_is_computed_or_says_what_is_missing() -> None:
    """In the document, and in what programs are told of it."""
    questions = [
        *NATIONAL.disputed,
        *(one for indicator in NATIONAL.indicators.values() for one in indicator.disputed),
        *(one for requirement in NATIONAL.requirements.values() for one in requirement.disputed),
    ]
    others = [reading for one in questions for reading in one.readings if not reading.in_force]

    assert len(questions) >= 30
    assert all(reading.computed != bool(reading.uncomputed) for reading in others)
    assert sum(reading.computed for reading in others) >= 11
