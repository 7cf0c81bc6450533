"""The worked cases that the rule book shows: every indicator, both sides of every line, told in the officer's words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import golden
import junheng as jh
from junheng.facts.schema import STAGES
from junheng.output.worked import worked_to_json
from junheng.standard.worked import load_worked

STANDARD = jh.load_standard()
KNOWN = {**STANDARD.indicators, **STANDARD.requirements}
WORKED = [case for case in golden.cases() if case.file in KNOWN]


def told(id: str) -> list[dict[str, Any]]:
    """Return an indicator's cases as they are shown."""
    return json.loads(worked_to_json(STANDARD, id))


def test_every_indicator_has_worked_cases() -> None:
    """B1-B31, the survey, the veto items, the qualification; each is a golden case as well."""
    assert set(load_worked()) == set(KNOWN)
    shown = {(id, case.name) for id, cases in load_worked().items() for case in cases}
    assert shown == {(case.file, case.name) for case in WORKED}


def test_an_overlay_shows_the_cases_of_its_document() -> None:
    """Its targets move no verdict."""
    assert load_worked("otog") == load_worked()


@pytest.mark.parametrize("id", STANDARD.indicators)
def test_the_seven_stand_on_both_sides_of_threshold_and_floor(id: str) -> None:
    """In each stage: on the threshold, under it, on the floor, under that; the spread on its limit and over it."""
    found = {(stage, row["status"]) for case in load_worked()[id] for (_, stage), row in case.sections.items()}
    assert found == {(stage, status) for stage in STAGES for status in ("met", "floor", "below")}
    spreads = {(stage, row["status"]) for case in load_worked()[id] for stage, row in case.stages.items()}
    assert spreads == {(stage, status) for stage in STAGES for status in ("pass", "fail")}


def test_each_veto_item_alone_is_enough() -> None:
    """One case for each: it happened, nothing else did."""
    failed = [case for case in load_worked()["VETO"] if case.requirement and case.requirement["status"] == "fail"]
    assert [[item for item, value in case.items.items() if value] for case in failed] == [
        list(part.items) for part in STANDARD.requirements["VETO"].parts
    ]


def test_a_case_of_a_school_is_told_school_by_school() -> None:
    """What is known beside what comes out of it, with the lines and what lacks."""
    first = told("B1")[0]
    assert first["name"] == "小学每百名学生高于规定学历教师正好 4.2，达到标准值"
    assert first["rows"][1] == {
        "known": [{"who": "乙校（小学）", "facts": ["小学在校生数 500 人，小学高于规定学历专任教师数 20 人"]}],
        "outcomes": [{"who": "乙校（小学）", "status": "floor", "told": "标准值 4.2，85% 线 3.57；距标准值还差 1 人"}],
    }


def test_a_case_of_a_spread_is_told_for_its_stage() -> None:
    """All its schools beside the coefficient and the limit."""
    (row,) = next(case for case in told("B6") if "初中校际差异系数超过" in case["name"])["rows"]
    assert [one["who"] for one in row["known"]] == ["甲校（初级中学）", "乙校（初级中学）"]
    assert row["outcomes"] == [{"who": "初中各校之间", "status": "fail", "told": "差异系数 0.46，上限 0.45"}]


def test_a_case_of_the_county_is_told_as_a_whole() -> None:
    """With the line beside the figure, and every decimal of a figure that is near it."""
    on, under, *_ = told("B14")
    assert on["rows"] == [
        {
            "known": [{"who": "全县", "facts": ["特殊教育公用经费 800,000 元", "特殊教育学生数 100 人"]}],
            "outcomes": [{"who": "全县", "status": "pass", "told": "8,000 元，要求不低于 8,000 元"}],
        }
    ]
    assert under["rows"][0]["outcomes"][0]["told"] == "7,999.9999 元，要求不低于 8,000 元"
    assert told("SR")[1]["rows"][0]["outcomes"][0]["told"] == "84.9%，要求不低于 85%"


def test_codes_and_flags_are_told_in_words() -> None:
    """A judgement, a kind of room, whether something happened."""
    assert told("B28")[2]["rows"][0]["known"] == [
        {"who": "甲校（小学）", "facts": ["评定：良好以上"]},
        {"who": "乙校（小学）", "facts": ["评定：较差"]},
    ]
    assert "教室类别：音乐教室，面积 96 平方米" in told("B10")[0]["rows"][0]["known"][0]["facts"]
    assert told("VETO")[1]["rows"][0]["known"][0]["facts"][:2] == ["以考试方式招生：是", "违规择校：否"]


BAD = {
    "nonsense": ("cases:\n  - {name: a, clause: b, given: {nonsense: []}, expect: {}}", "nonsense"),
    "column": ("cases:\n  - {name: a, clause: b, given: {rooms: [{size: 9}]}, expect: {}}", "size"),
    "item": ("cases:\n  - {name: a, clause: b, given: {county: {gold: 1}}, expect: {}}", "gold"),
    "another": ("cases:\n  - {name: a, clause: b, given: {}, expect: {indicators: {B2: {status: met}}}}", "B2"),
    "answer": ("cases:\n  - {name: a, clause: b, given: {}, expect: {wonder: 1}}", "wonder"),
    "sentence": ("cases:\n  - {clause: b, given: {}, expect: {}}", "name"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_case_is_refused_with_file_and_key(tmp_path: Path, bad: str) -> None:
    """As any rule file is."""
    text, key = BAD[bad]
    shutil.copytree(golden.RULES, tmp_path / "rules")
    (tmp_path / "rules" / "national-2017" / "worked" / "B1.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(jh.Unusable) as refused:
        load_worked("national-2017", tmp_path / "rules")
    (problem,) = refused.value.problems
    assert problem.file == "national-2017/worked/B1.yaml"
    assert key in (problem.column or "")
