"""`junheng explain` tells every number: a stage's spread, and B8-B31, the survey, the veto items, the qualification."""

from __future__ import annotations

import datetime as dt
import io
import json
from fractions import Fraction
from math import sqrt
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

import golden
import impeccable
import junheng as jh
from counties import facts_of, seeded_schools
from junheng.api import print_trace, trace_schema, trace_to_json
from junheng.cli import main
from junheng.engine.requirement_trace import trace_requirement
from junheng.engine.spread_trace import trace_spread
from reference_requirements import County
from requirement_counties import counties
from requirement_counties import facts_of as facts_of_county

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAY = dt.date(2025, 9, 1)


def explained(capsys: pytest.CaptureFixture[str], *place: str) -> str:
    """Return what `junheng explain` prints of the example."""
    assert main(["explain", str(SHILI), *place]) == 0
    return capsys.readouterr().out


def root(squared: Fraction | None) -> float | None:
    """Return a root as the answer gives it."""
    return None if squared is None else sqrt(squared)


@pytest.mark.parametrize("seed", range(2))
def test_every_spread_of_drawn_counties_is_worked_out_anew(seed: int) -> None:
    """Mean, CV, shares, or the bounds while something is missing, from the values by fractions."""
    seen = set()
    for answer in jh.assess_all(facts_of(seeded_schools(seed + 20, 60)), as_of=DAY):
        for stage, whole in answer.stages.items():
            for id, got in whole.indicators.items():
                found = trace_spread(answer, stage, id)
                seen.add(got.reason)
                if found.bounds and found.bounds.defined:
                    wanted = (got.cv, got.cv) if got.cv_bounds is None else got.cv_bounds
                    for bound, told in zip((found.bounds.lowest, found.bounds.highest), wanted, strict=True):
                        assert root(bound) == (told if told is None else pytest.approx(told, rel=1e-9, abs=1e-7))
                shares = {row.school_code: row.share for row in found.rows if row.share is not None}
                if got.cv is not None and got.cv > 1e-6:
                    assert shares == pytest.approx(got.contributions, abs=1e-9)
    assert seen == {None, "missing", "mean_zero", "no_schools"}


def test_a_spread_is_told_with_its_table_and_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    """Pupils, resource, value, weighted square and share of each school; mean, S, CV, the limit squared."""
    shown = explained(capsys, "--indicator", "B6", "--stage", "primary")
    for words in ("学生P", "P(X−均值)²", "69.2%", "≈0.505703", "上限 0.5² = 0.25", "单独补最省的是示例旗第四小学"):
        assert words in shown


def test_an_open_spread_is_told_with_the_formula_of_its_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    """K, M, A and Q, and what each bound supposes of the missing school."""
    shown = explained(capsys, "--indicator", "B6", "--stage", "junior")
    for words in ("K：已报学校的学生数 → 6,404", "M：未报学校的学生数 → 174", "≈0.085590", "≈6.066679", "补齐数据"):
        assert words in shown


def test_the_school_that_alone_mends_a_spread_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the units that it takes."""
    rows = [
        {"school_code": code, "school_type": "primary", "primary_pupils": 100, "multimedia_rooms": rooms}
        for code, rooms in (("A", 1), ("B", 5))
    ]
    path = golden.write_schools(rows, tmp_path)
    assert main(["explain", str(path), "--indicator", "B7", "--stage", "primary", "--as-of", "2025-09-01"]) == 0
    assert "单独补最省的是A：再有 1 间" in capsys.readouterr().out


# Each example opens nine engines.
@settings(max_examples=settings().max_examples // 6)
@given(counties(), st.sampled_from([DAY, dt.date(2021, 9, 1)]))
def test_the_rows_told_are_the_rows_judged(county: County, day: dt.date) -> None:
    """Of every part of drawn counties: as many fail and are missing as the answer says, and each is told."""
    facts = facts_of_county(county)
    answer = jh.assess(facts, as_of=day)
    for id in ("B10", "B11", "B12", "B13", "B23", "B26", "B31", "VETO"):
        for part in trace_requirement(facts, answer, id, None).parts:
            counts = (part.counts["failing"], part.counts["missing"])
            assert counts == (part.answer.failing, part.answer.missing)
            assert len(part.rows) == sum(counts)
            assert part.counts["met"] + sum(counts) == part.answer.applicable


def test_every_requirement_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With its formula, line, clause, judge and evidence; nothing is left without words."""
    facts = jh.load(SHILI)
    for id, one in jh.load_standard().requirements.items():
        shown = explained(capsys, "--indicator", id)
        assert one.name in shown
        assert one.definition in shown
        assert one.judged_by in shown
        assert one.evidence in shown
        assert all(reading.reading in shown for q in one.disputed for reading in q.readings if reading.in_force)
    told = json.loads(trace_to_json(jh.explain(facts, indicator="B18")))
    assert told["kind"] == "requirement"
    assert told["parts"][0]["formula"] == "交流轮岗教师数 ÷ 符合交流条件教师数，不低于 10.0%"


def test_whose_figures_were_entered_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the item, in words beside the period, and in the JSON; nothing where the county was not sampled."""
    asked = {"monitoring_sampled": "是", "monitoring_national": "否", "monitoring_arts_level": 3}
    path = impeccable.write(tmp_path, **asked)
    assert main(["explain", str(path), "--indicator", "B31", "--as-of", "2025-09-01"]) == 0
    shown = capsys.readouterr().out
    assert "监测结果是否出自国家义务教育质量监测：否" in shown
    assert "最近一轮监测；数出自：省级质量监测；" in shown
    told = json.loads(trace_to_json(jh.explain(jh.load(path), indicator="B31", as_of=dt.date(2025, 9, 1))))
    assert told["figures_from"] == "省级质量监测"
    assert json.loads(trace_to_json(jh.explain(jh.load(SHILI), indicator="B31")))["figures_from"] is None
    assert "数出自" not in explained(capsys, "--indicator", "B31")


def test_every_kind_of_trace_keeps_the_schema() -> None:
    """Of a school with and without a value, of each stage's spread, and of every requirement."""
    validator = jsonschema.Draft202012Validator(trace_schema())
    validator.check_schema(trace_schema())
    facts, book = jh.load(SHILI), jh.load_standard()
    told = [jh.explain(facts, indicator=id) for id in book.requirements]
    told += [jh.explain(facts, indicator=id, stage=stage) for id in ("B1", "B7") for stage in ("primary", "junior")]
    told += [jh.explain(facts, school, None, "B6") for school in ("示例旗第一小学", "清水嘎查教学点", lacking(facts))]
    for one in told:
        validator.validate(json.loads(trace_to_json(one)))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(json.loads(trace_to_json(told[-1])) | {"value": "3"})


def lacking(facts: jh.Facts) -> str:
    """Return a school of the example whose equipment is not reported."""
    rows = facts.tables["schools"].select(["school_code", "equipment_value"]).to_pylist()
    return next(row["school_code"] for row in rows if row["equipment_value"] is None)


def test_what_fails_is_told_row_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    """The class with its pupils; the school whose grade is not accepted, with its judge and the day."""
    assert "不达标  示例旗实验小学一年级1班：47 人" in explained(capsys, "--indicator", "B12")
    shown = explained(capsys, "--indicator", "B28")
    assert "南滩苏木中心小学  一般  虚构责任督学  2025-10-20" in shown
    assert "其余 29 条" in shown


def test_one_school_s_part_in_a_requirement_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Its own cells and rows, whether or not they fail."""
    shown = explained(capsys, "--indicator", "B10", "--school", "北梁苏木中心小学")
    assert "小学班数：6 个" in shown
    assert "达标  北梁苏木中心小学：合格的有 1 间，应有 1 间" in shown
    assert "不达标  北梁苏木中心小学：合格的有 0 间，应有 1 间" in shown


def test_a_school_with_one_stage_needs_no_stage(capsys: pytest.CaptureFixture[str]) -> None:
    """The gap, and what one more unit does, stand under its value."""
    shown = explained(capsys, "--indicator", "B5", "--school", "1506990006")
    assert "再有 2,451 平方米即达到标准值（325 平方米到 85%）" in shown
    assert "运动场地面积加 1 平方米" in shown


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (["--indicator", "B6"], "请加 --stage"),
        (["--indicator", "B12", "--stage", "primary"], "不分学段"),
        (["--indicator", "B1", "--school", "1506990021"], "有两个学段"),
        (["--indicator", "B12", "--school", "北梁"], "1506990014 北梁苏木中心小学"),
        (["--indicator", "B99"], "VETO"),
    ],
)
def test_what_does_not_apply_is_exit_2_with_what_to_do(
    place: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says which option is wanted, or not wanted."""
    assert main(["explain", str(SHILI), *place]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_of_a_spread_fits(width: int) -> None:
    """No figure is cut on 80 columns."""
    out = io.StringIO()
    print_trace(jh.explain(jh.load(SHILI), stage="primary", indicator="B6"), Console(file=out, width=width))
    table = out.getvalue().split("怎么算")[0]
    assert max(cell_len(line.rstrip()) for line in table.splitlines()) <= width
    assert "20,018,773,191" in table
    assert table.count("✗") == 9
    assert "独补" in table
    assert "…" not in table


def test_reprs_say_what_is_traced(tmp_path: Path) -> None:
    """A notebook's last line."""
    facts = jh.load(impeccable.write(tmp_path))
    assert "SpreadTrace primary B6：0，2 校" in repr(jh.explain(facts, stage="primary", indicator="B6"))
    assert "RequirementTrace SR pass" in repr(jh.explain(facts, indicator="SR"))
    assert "Sensitivity 某校 primary B6" in repr(jh.sensitivity(facts, "A", "primary", "B6"))
