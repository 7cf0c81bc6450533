"""Every number can say why: its cells, each step, the line, the clause, its part in the spread."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

import pytest

import golden
import junheng as jh
from counties import facts_of, seeded_schools
from junheng.cli import main
from junheng.engine.assess import of_county
from junheng.engine.trace import trace
from junheng.facts.model import Facts

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAYS = (dt.date(2025, 9, 1), dt.date(2021, 9, 1))


def disagreements(facts: Facts, answer: jh.Assessment) -> list[str]:
    """Return every value whose trace, worked out anew, is not the engine's."""
    wrong = []
    for section in answer.sections:
        for id, one in section.indicators.items():
            found = trace(facts, answer, section.school_code, section.stage, id).value
            exact = None if one.have is None or one.over is None else Fraction(one.have, one.over)
            if found != exact:
                wrong.append(f"{section.school_code} {section.stage} {id}: {found} {exact}")
    return wrong


@pytest.mark.parametrize("day", DAYS)
def test_every_value_of_the_example_is_worked_out_anew(day: dt.date) -> None:
    """Every section and indicator, exactly."""
    facts = jh.load(SHILI)
    assert disagreements(facts, jh.assess(facts, as_of=day)) == []


@pytest.mark.parametrize("day", DAYS)
def test_every_value_of_drawn_counties_is_worked_out_anew(day: dt.date) -> None:
    """With every kind of school, missing cells and claims under transition clauses."""
    facts = facts_of(seeded_schools(5, 40))
    for answer in jh.assess_all(facts, as_of=day):
        assert disagreements(of_county(facts, answer.county_code), answer) == []


def test_a_clerk_can_follow_the_trace_with_a_pocket_calculator(capsys: pytest.CaptureFixture[str]) -> None:
    """The nine-year school's junior part: the resource, the weighted pupils, the comparison, the clause."""
    place = ["--school", "青柳镇九年一贯制学校", "--stage", "junior", "--indicator", "B4"]
    assert main(["explain", SHILI.as_posix(), *place]) == 0
    shown = capsys.readouterr().out
    for words in (
        "小学 468 × 1 + 初中 312 × 1.1",
        "− 室内体育用房面积",
        "5.8：",
        "教督〔2017〕6号",
        "这所学校占",
    ):
        assert words in shown


def test_the_trace_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing cell is said to be missing, and the steps that need it say so."""
    assert main(["explain", str(SHILI), "--school", "1506990029", "--stage", "junior", "--indicator", "B6"]) == 0
    shown = capsys.readouterr().out
    assert "教学仪器设备资产值：未报" in shown
    assert "缺数据，算不出" in shown
    assert "还算不出" in shown


def test_a_clause_shows_in_the_trace_while_it_is_in_force(tmp_path: Path) -> None:
    """The visiting teacher counts, with the clause's title beside it, in 2021; in 2025 there is no such term."""
    row = {
        **{"school_code": "A", "school_type": "primary", "location": "rural", "primary_pupils": 50},
        **{"primary_pe_arts_teachers": 1, "primary_visiting_pe_arts_teachers": 1},
    }
    facts = jh.load(golden.write_schools([row], tmp_path))
    then, now = (jh.explain(facts, "A", "primary", "B3", as_of=day) for day in reversed(DAYS))
    assert (then.value, now.value) == (4, 2)
    assert "走教体育艺术教师数 1（" in then.steps[0].formula
    assert "走教" not in now.steps[0].formula


def test_a_school_outside_the_sample_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Its value is explained, and that it moves no spread."""
    assert main(["explain", str(SHILI), "--school", "1506990017", "--stage", "primary", "--indicator", "B1"]) == 0
    assert "不进样本" in capsys.readouterr().out


def test_the_json_holds_the_exact_value(capsys: pytest.CaptureFixture[str]) -> None:
    """As a fraction, beside inputs, steps, lines and gaps."""
    place = ["--school", "1506990004", "--stage", "primary", "--indicator", "B4", "--format", "json"]
    assert main(["explain", str(SHILI), *place]) == 0
    found = json.loads(capsys.readouterr().out)
    assert Fraction(found["exact_value"]) == pytest.approx(found["value"])
    assert found["gap_to_threshold"] == 469
    assert {cell["column"] for cell in found["inputs"]} == {"teaching_area", "indoor_sports_area", "primary_pupils"}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (["--school", "示例第一小学", "--stage", "primary", "--indicator", "B1"], "1506990001 示例旗第一小学"),
        (["--school", "1506990001", "--stage", "junior", "--indicator", "B1"], "primary（小学）"),
        (["--school", "1506990001", "--stage", "primary", "--indicator", "B99"], "B1、B2"),
    ],
)
def test_an_unknown_place_is_exit_2_with_what_there_is(
    place: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The remedy names schools like it, the school's stages, or the indicators."""
    assert main(["explain", str(SHILI), *place]) == 2
    assert words in capsys.readouterr().err
