"""A register of teachers gives exact counts on a day, each with the people behind it and why others do not count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference_rosters
from junheng import api as jh
from junheng.facts.model import arrow_schema
from junheng.facts.schema import Kind
from junheng.rosters.counting import people_moving
from junheng.rosters.load import load_counting, load_traps

DAY = dt.date(2025, 9, 1)
TEACHERS = jh.REGISTERS["teachers"]
PLAIN = {
    "person_code": "1",
    "person_name": "甲",
    "employer_code": "A",
    "census_school_code": "A",
    "teaching_school_code": "A",
    "duty": "on_duty",
    "stage": "primary",
    "subject": "music",
    "lessons": 12,
    "degree": "college",
    "certificate": "primary",
    "backbone": "county",
    "training_hours": 360,
    "arrived": dt.date(2019, 9, 1),
}
ALL = {
    "primary_teachers",
    "primary_above_required_teachers",
    "primary_backbone_teachers",
    "primary_pe_arts_teachers",
    "certified_teachers",
    "trained_360h_teachers",
}


def table(*rows: dict[str, Any]) -> pa.Table:
    """Return a register of rows."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schema(TEACHERS))


def someone(**other: Any) -> dict[str, Any]:
    """Return somebody who counts for everything but the rotation, with what is different about him."""
    return {**PLAIN, **other}


def counted(*rows: dict[str, Any], school: str | None = "A", reading: str = "", day: dt.date = DAY) -> set[str]:
    """Return the columns of a school that somebody counts for."""
    found = jh.count_teachers(table(*rows), as_of=day, reading=reading)
    return {one.column for one in found if one.school_code == school and one.people}


def why(column: str, *rows: dict[str, Any], school: str = "A", day: dt.date = DAY) -> tuple[bool | None, str]:
    """Return how the first person stands to a column, and why."""
    found = jh.people_counted(table(*rows), as_of=day, school=school)
    return next((one.counts, one.because) for one in found if one.column == column and one.person_code == "1")


def test_somebody_in_post_counts_for_everything_that_he_is() -> None:
    """Above the required degree, backbone, sports and arts, certified, trained; and due to move after six years."""
    assert counted(someone()) == ALL
    assert counted(someone(), school=None) == {"rotation_eligible_teachers"}


@pytest.mark.parametrize(
    ("other", "lost"),
    [
        ({"degree": "secondary"}, {"primary_above_required_teachers"}),
        ({"degree_date": DAY + dt.timedelta(1)}, {"primary_above_required_teachers"}),
        ({"degree_date": DAY}, set()),
        ({"backbone": "school"}, {"primary_backbone_teachers"}),
        ({"backbone_from": DAY + dt.timedelta(1)}, {"primary_backbone_teachers"}),
        ({"backbone_to": DAY}, set()),
        ({"backbone_to": DAY - dt.timedelta(1)}, {"primary_backbone_teachers"}),
        ({"subject": "chinese"}, {"primary_pe_arts_teachers"}),
        ({"lessons": 0}, {"primary_pe_arts_teachers"}),
        ({"certificate": "kindergarten"}, {"certified_teachers"}),
        ({"certificate": "senior"}, set()),
        ({"certificate_date": DAY + dt.timedelta(1)}, {"certified_teachers"}),
        ({"training_hours": 359}, {"trained_360h_teachers"}),
        ({"duty": "contract"}, ALL),
        ({"duty": "seconded"}, ALL),
        ({"duty": "off_duty"}, ALL),
        ({"duty": "seconded", "duty_from": DAY + dt.timedelta(1)}, set()),
        ({"duty": "seconded", "duty_to": DAY - dt.timedelta(1)}, set()),
        ({"duty": "seconded", "duty_from": DAY, "duty_to": DAY}, ALL),
        ({"duty": "contract", "duty_from": DAY + dt.timedelta(1)}, ALL),
        ({"duty": "leave"}, set()),
        ({"duty": "special_post"}, set()),
        ({"arrived": DAY + dt.timedelta(1)}, ALL),
    ],
)
def test_what_takes_somebody_out_of_a_count(other: dict[str, Any], lost: set[str]) -> None:
    """On both sides of each line: a day, a lesson, an hour, a state."""
    assert counted(someone(**other)) == ALL - lost


def test_what_a_degree_and_a_certificate_are_worth_depends_on_the_stage() -> None:
    """College is above what a primary school asks, and not what a junior one does."""
    junior = counted(someone(stage="junior"))
    assert "junior_above_required_teachers" not in junior
    assert "certified_teachers" not in junior
    assert {"junior_above_required_teachers", "certified_teachers"} <= counted(
        someone(stage="junior", degree="bachelor", certificate="junior")
    )


def test_the_reading_says_in_which_school_a_moved_teacher_counts() -> None:
    """By the census where he is counted, with B as a visit; by the other reading where he teaches, while he does."""
    moved = someone(teaching_school_code="B", duty="rotation", duty_from=dt.date(2025, 8, 20))
    assert counted(moved) == ALL
    assert counted(moved, school="B") == {"primary_visiting_pe_arts_teachers"}
    assert counted(moved, reading="teaching") == set()
    assert counted(moved, school="B", reading="teaching") == ALL
    assert counted(moved, reading="teaching", day=dt.date(2025, 8, 19)) == ALL
    assert counted(someone(teaching_school_code=None), reading="teaching") == ALL
    with pytest.raises(jh.Unusable, match="census（计在统计学校）"):
        jh.count_teachers(table(moved), as_of=DAY, reading="nothing")


def test_a_count_says_of_how_many_it_cannot_be_told() -> None:
    """What is missing makes nobody count, and nobody not count; what is known not to be decides all the same."""
    (one,) = [
        each
        for each in jh.count_teachers(table(someone(degree=None), someone(person_code="2")), as_of=DAY)
        if each.column == "primary_above_required_teachers"
    ]
    assert (one.people, one.unsure, one.indicator) == (1, 1, "B1")
    assert why("primary_above_required_teachers", someone(degree=None)) == (None, "没有写学历")
    assert why("primary_above_required_teachers", someone(degree=None, duty="contract")) == (False, "编外不计")


def test_everybody_who_belongs_to_a_school_is_listed_with_the_reason() -> None:
    """Also who is counted elsewhere, and who has neither school nor stage written down."""
    assert why("primary_teachers", someone(arrived=DAY + dt.timedelta(1))) == (False, "还没有到校")
    assert why("primary_teachers", someone(census_school_code="B")) == (False, "计在别的学校")
    assert why("primary_teachers", someone(census_school_code=None)) == (None, "没有写计在哪所学校")
    assert why("teachers", someone(stage=None)) == (None, "没有写任教学段")
    assert why("primary_teachers", someone()) == (True, "")


def test_who_is_no_such_person_at_all_is_told_from_who_almost_is() -> None:
    """A teacher of Chinese is not near to sports and arts; one of music without lessons is."""
    found = jh.people_counted(
        table(someone(subject="chinese"), someone(person_code="2", lessons=0)), as_of=DAY, school="A"
    )
    near = {one.person_code: one.near for one in found if one.column == "primary_pe_arts_teachers"}
    assert near == {"1": False, "2": True}


def test_the_rotation_is_that_of_the_last_school_year() -> None:
    """From its first day to its last; an exempt teacher is not due."""
    first, last = dt.date(2024, 9, 1), dt.date(2025, 8, 31)
    for date, moved in ((first, True), (last, True), (first - dt.timedelta(1), False), (DAY, False)):
        assert ("rotated_teachers" in counted(someone(rotation_from=date), school=None)) == moved
    assert "rotated_backbone_teachers" in counted(someone(rotation_from=first), school=None)
    assert counted(someone(exempt_because="孕期"), school=None) == set()
    assert counted(someone(arrived=dt.date(2019, 9, 2)), school=None) == set()
    assert counted(someone(arrived=dt.date(2022, 9, 1), rotation_from=first), school=None) >= {
        "rotated_teachers",
        "rotation_eligible_teachers",
    }


def test_an_empty_register_gives_no_figure() -> None:
    """Nobody is not zero."""
    assert jh.count_teachers(table(), as_of=DAY) == ()
    assert jh.find_traps(table(), as_of=DAY) == ()


def trapped(*rows: dict[str, Any]) -> set[tuple[str, str, str | None]]:
    """Return the traps that rows are in."""
    return {(one.trap.id, one.person_code, one.other) for one in jh.find_traps(table(*rows), as_of=DAY)}


CLEAN = someone(certificate_subject="music", backbone_document="示教发〔2024〕1号", birth_year=1980)


@pytest.mark.parametrize(
    ("other", "trap"),
    [
        ({"lessons": 0}, "T01"),
        ({"certificate_subject": "chinese"}, "T02"),
        ({"backbone_to": DAY - dt.timedelta(1)}, "T03"),
        ({"teaching_school_code": "B"}, "T04"),
        ({"backbone_document": None}, "T05"),
        ({"stage": "junior"}, "T06"),
        ({"duty": "rotation"}, "T07"),
        ({"duty": "seconded", "duty_to": DAY - dt.timedelta(1)}, "T08"),
    ],
)
def test_a_row_that_deserves_a_second_look(other: dict[str, Any], trap: str) -> None:
    """Each trap finds its own, and nothing in a row that is in order or not filled in."""
    assert trapped(CLEAN) == set()
    assert trapped({**CLEAN, **other}) == {(trap, "1", None)}
    assert trapped({"person_code": "1"}) == set()


def test_the_same_person_under_two_numbers() -> None:
    """Name and year of birth are the same; a name alone, or no year, says nothing."""
    two = {**CLEAN, "person_code": "2"}
    assert trapped(CLEAN, two) == {("T09", "1", "2"), ("T09", "2", "1")}
    assert trapped(CLEAN, {**two, "birth_year": 1981}) == set()
    assert trapped({**CLEAN, "birth_year": None}, {**two, "birth_year": None}) == set()


def strategy(name: str) -> st.SearchStrategy[Any]:
    """Return what a column may hold: nothing, a code, a day around the counting date, a small number."""
    column = TEACHERS.column(name)
    if name.endswith("school_code") or name == "employer_code":
        return st.sampled_from([None, "A", "B"])
    if column.kind is Kind.CODE:
        return st.sampled_from([None, *column.choices])
    if column.kind is Kind.DATE:
        days = [DAY + dt.timedelta(days) for days in (-3000, -2192, -2191, -400, -366, -365, -1, 0, 1, 200)]
        return st.sampled_from([None, *days])
    return st.sampled_from([None, 0, 1, 359, 360]) if column.kind is Kind.COUNT else st.sampled_from([None, "写了"])


PEOPLE = st.lists(st.fixed_dictionaries({name: strategy(name) for name in TEACHERS.by_name}), max_size=8)


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(rows=PEOPLE, reading=st.sampled_from(["census", "teaching"]))
def test_the_counts_are_those_of_the_reference(rows: list[dict[str, Any]], reading: str) -> None:
    """Whatever is written down or missing: figure by figure, and person by person."""
    rows = [{**row, "person_code": str(at)} for at, row in enumerate(rows)]
    expected = reference_rosters.counts(rows, DAY, reading)
    found = jh.count_teachers(table(*rows), as_of=DAY, reading=reading)
    told = {(one.school_code, one.column): (one.people, one.unsure) for one in found}
    assert {key: value for key, value in told.items() if value != (0, 0)} == {
        key: value for key, value in expected.items() if value != (0, 0)
    }
    people = jh.people_counted(table(*rows), as_of=DAY, reading=reading, school="A")
    for key in (key for key in told if key[0] == "A"):
        own = [one.counts for one in people if (one.school_code, one.column) == key]
        assert (own.count(True), own.count(None)) == told[key]


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(rows=PEOPLE)
def test_who_may_move_is_as_the_reference_says(rows: list[dict[str, Any]]) -> None:
    """Person by person: yes, no, or not to be told."""
    rows = [{**row, "person_code": str(at)} for at, row in enumerate(rows)]
    found = {one.person_code: one.counts for one in people_moving(table(*rows), as_of=DAY)}
    assert found == {row["person_code"]: reference_rosters.may_move(row, DAY) for row in rows}


CERTIFIED = {"certificate_subject": "music", "certificate_date": dt.date(2010, 1, 1)}


@pytest.mark.parametrize(
    ("other", "counts", "because"),
    [
        ({}, True, ""),
        ({"exempt_because": "孕期"}, False, "免于交流"),
        ({"duty": "leave"}, False, "病产假、支教或轮岗期间"),
        ({"duty": "leave", "duty_to": DAY - dt.timedelta(1)}, True, ""),
        ({"teaching_school_code": "B"}, False, "实际在别的学校任教"),
        ({"certificate": "kindergarten"}, False, "没有本学段可用的教师资格证"),
        ({"certificate": "senior"}, True, ""),
        ({"stage": "junior"}, False, "没有本学段可用的教师资格证"),
        ({"certificate_date": DAY + dt.timedelta(1)}, False, "还没有取得资格证"),
        ({"certificate_subject": "chinese"}, False, "资格证的学科与主教学科不同"),
        ({"certificate_subject": "arts"}, True, ""),
        ({"subject": "science", "certificate_subject": "physics", "certificate": "junior"}, True, ""),
        ({"subject": "physics", "certificate_subject": "science"}, False, "资格证的学科与主教学科不同"),
        ({"certificate_subject": None}, None, "没有写教师资格证学科"),
        ({"stage": None}, None, "没有写任教学段"),
    ],
)
def test_who_may_not_move_is_told_why(other: dict[str, Any], counts: bool | None, because: str) -> None:
    """Exempt, away, or without a certificate for the stage and the subject; a higher one is good for a lower."""
    (found,) = people_moving(table(someone(**CERTIFIED | other)), as_of=DAY)
    assert (found.counts, found.because) == (counts, because)


def test_every_count_says_what_it_rests_on() -> None:
    """Each names an indicator, each reading a source, and each condition says why somebody does not count."""
    counting, indicators = load_counting(), {*jh.load_standard().indicators, *jh.load_standard().requirements}
    assert {one.indicator for one in counting.counts.values()} <= indicators
    assert {one.indicator for one in load_traps()} <= indicators
    assert all(one.source for one in counting.readings.values())
    assert all(one.says for count in counting.counts.values() for one in count.conditions)
    assert all(one.says for one in counting.moving)
    assert len({one.id for one in load_traps()}) == len(load_traps())


BROKEN = (
    ("column: duty", "column: nothing", "教师台账里没有"),
    ("none_of: [contract]", "none_of: [nobody]", "没有代码"),
    ("fact: teachers", "fact: pupils_of_nobody", "数据字典里没有"),
    ("in_force: false", "in_force: true", "恰好一种"),
    ("at_least: 360", "by_day: true", "不能这样比"),
    ("when: [employed]", "when: [unknown]", "没有名为"),
    ("lessons, at_least: 1", "lessons", "恰好有一个条件"),
    ("fits: {subject: {music: [arts]", "fits: {subject: {music: [dance]", "没有代码"),
    ("fits: {subject:", "fits: {topic:", "教师台账里没有"),
)


@pytest.mark.parametrize(("right", "wrong", "told"), BROKEN)
def test_a_bad_file_is_refused_with_its_key(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """And with what to do."""
    from junheng.rosters.load import COUNTS

    text = COUNTS.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "counts.yaml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(jh.Unusable, match=told):
        load_counting(tmp_path / "counts.yaml")
