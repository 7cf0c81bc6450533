"""The application form: every figure is the answer's, what is not known is said, and every form foots."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import counties
import golden
import impeccable
import junheng as jh
import requirement_counties
from junheng import papers
from junheng.cli import main
from junheng.facts.schema import STAGES

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"
DAY = dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def answer() -> jh.Assessment:
    """The example county's answer."""
    return jh.assess(jh.load(SHILI))


@pytest.fixture(scope="module")
def form(answer: jh.Assessment) -> papers.Form:
    """Its form, to which the county has given nothing yet."""
    return papers.build_form(answer)


def agrees(form: papers.Form, answer: jh.Assessment) -> None:
    """Hold every number of the schools' tables, and every mark, against the answer."""
    schools = {row.key: row for row in form.tables["II-2"].rows}
    sample = [one for one in answer.sections if one.in_sample]
    assert set(schools) == {f"{one.stage}:{one.school_code}" for one in sample}
    for one in sample:
        for id, measured in one.indicators.items():
            cell = form.tables["II-2"].cell(f"{one.stage}:{one.school_code}", id)
            assert (cell.value is None) == (measured.value is None)
            if measured.value is not None:
                assert float(cell.value) == pytest.approx(measured.value, rel=1e-12)
        assert form.tables["II-2"].cell(f"{one.stage}:{one.school_code}", "verdict").value == one.verdict
    for stage in STAGES:
        for id, spread in answer.stages[stage].indicators.items():
            assert form.tables["III"].cell(f"{stage}.cv", id).value == spread.cv
            assert form.tables["III"].cell(f"{stage}.mean", id).value == spread.mean
    for table in ("IV", "V"):
        for row in form.tables[table].rows:
            assert form.tables[table].cell(row.key, "verdict").value == answer.requirements[row.key].status


def test_the_example_s_figures_are_the_answer_s(form: papers.Form, answer: jh.Assessment) -> None:
    """Numbers as the form rounds them: two decimals, three for spreads, one for shares."""
    agrees(form, answer)
    assert form.tables["II-2"].cell("primary:1506990006", "B5").text == "6.20"
    assert form.tables["III"].cell("primary.cv", "B6").text == "0.506"
    assert form.tables["II-1"].cell("primary.rate", "composite").text == "85.0"
    assert form.tables["IV"].cell("B18", "told").field("rate").text == "11.2"
    assert [row.key for row in form.tables["I"].rows] == [f"L{at}" for at in range(1, 25)]
    assert form.tables["I"].cell("L19", "value").text == "11306"


def test_every_figure_says_where_it_comes_from(form: papers.Form) -> None:
    """A number without a source could not be traced."""
    cells = [one for table in form.tables.values() for row in table.rows for cell in row.cells for one in cell.every]
    numbers = [one for one in cells if isinstance(one.value, int | float | Fraction)]
    assert len(numbers) > 400
    assert [one for one in numbers if one.source is None] == []


def test_what_is_not_known_is_said_and_never_filled_in(form: papers.Form) -> None:
    """What the county writes is open; what a school owes is missing, once, under its name."""
    open_keys = {one.source.name for one in form.open if one.state == "open"}
    assert {"population", "primary_staff", "survey_sent"} <= open_keys
    assert form.tables["I"].cell("L1", "value").text == "待填"
    owed = [one.where for one in form.open if one.state == "missing" and one.table == "II-2"]
    assert owed == ["表Ⅱ-2 沙湾苏木初级中学"]
    assert form.tables["II-1"].cell("junior.passing", "B6").text == "不能判定"


def test_what_the_county_gives_stands_on_the_form(answer: jh.Assessment, tmp_path: Path) -> None:
    """By key or by label; a share of given numbers follows."""
    file = tmp_path / "基本情况.csv"
    file.write_text(
        "项目,数值\n人口总数,9.634\ntowns,6\n实地走访人数,200\n实地走访满意人数,183\n", encoding="utf-8-sig"
    )
    form = papers.build_form(answer, papers.load_basics(file))
    assert form.tables["I"].cell("L1", "value").text == "9.63"
    assert form.tables["I"].cell("L3", "value").value == 6
    assert form.tables["VI"].cell("计", "L7").text == "91.5"
    assert papers.foot_form(form, answer.rules) == ()


def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path) -> None:
    """An unknown item, a word for a number, an item twice, a negative number: all at once."""
    file = tmp_path / "b.csv"
    file.write_text("item,value\n海拔,1\n人口总数,很多\n乡镇数,6\n乡镇数,7\n行政村数,-1\n", encoding="utf-8")
    with pytest.raises(jh.Unusable) as found:
        papers.load_basics(file)
    assert [(one.row, one.reason) for one in found.value.problems] == [
        (2, "申报表没有这一项"),
        (3, "应当是数字"),
        (5, "同一项写了两次"),
        (6, "不能小于 0"),
    ]


def test_an_overlay_s_form_is_its_document_s(form: papers.Form) -> None:
    """The county's own targets change no figure of the national form."""
    own = papers.build_form(jh.assess(jh.load(SHILI), "otog"))
    assert own.tables == form.tables


@settings(max_examples=settings().max_examples // 12)
@given(schools=counties.drawn_schools(counties=1, most=7, least=1))
def test_any_county_s_form_foots_and_is_its_answer_s(schools: list[counties.Row]) -> None:
    """Schools of every kind, cells missing, values on and beside the lines."""
    answer = jh.assess(counties.facts_of(schools), as_of=DAY)
    form = papers.build_form(answer)
    agrees(form, answer)
    assert papers.foot_form(form, answer.rules) == ()


@settings(max_examples=settings().max_examples // 12)
@given(county=requirement_counties.counties())
def test_any_county_s_requirements_foot(county: requirement_counties.County) -> None:
    """Shares follow from the numbers beside them, and marks from the figures."""
    answer = jh.assess(requirement_counties.facts_of(county), as_of=DAY)
    form = papers.build_form(answer)
    agrees(form, answer)
    # Drawn surveys may have more content people than forms: that is found, and rightly so.
    assert [one for one in papers.foot_form(form, answer.rules) if one.check != "no_more"] == []


def test_a_mark_may_be_certain_where_its_figure_is_not(tmp_path: Path) -> None:
    """One school gives too little for training, of another nothing is known: not met, and nothing to be mended."""
    facts = tmp_path / "facts"
    shutil.copytree(SHILI, facts)
    table = csv.DictReader((facts / "schools.csv").read_text(encoding="utf-8-sig").splitlines())
    for school, training in zip(rows := list(table), ["1", ""], strict=False):
        school["training_budget"] = training
    with (facts / "schools.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    answer = jh.assess(jh.load(facts))
    form = papers.build_form(answer)
    row = form.tables["V"].cell("B26", "told").field("schools")
    assert (row.value, form.tables["V"].cell("B26", "verdict").value) == (None, "fail")
    assert papers.foot_form(form, answer.rules) == ()


@pytest.mark.parametrize(
    ("sampled", "national", "text", "state"),
    [
        ("是", "是", "国家义务教育质量监测", "known"),
        ("是", "否", "省级质量监测", "known"),
        ("是", "", "未报", "missing"),
        ("否", "是", "没有参加监测", "not_applicable"),
    ],
)
def test_the_form_says_whose_monitoring_it_was(
    tmp_path: Path, sampled: str, national: str, text: str, state: str
) -> None:
    """In the row's own words, before the figures; a county that was not sampled is not asked."""
    items = {"monitoring_sampled": sampled, "monitoring_national": national, "monitoring_arts_level": 3}
    facts = jh.load(impeccable.write(tmp_path, **items))
    cell = papers.build_form(jh.assess(facts, as_of=DAY)).tables["V"].cell("B31", "told")
    source = cell.field("figures_from")
    assert (source.text, source.state) == (text, state)
    assert cell.text.startswith({"known": f"数出自：{text}；语文"}.get(state, {"missing": "数出自"}.get(state, text)))


def test_a_subject_that_was_not_monitored_is_not_lacking(tmp_path: Path) -> None:
    """A round of monitoring has some of the subjects (B31); a figure that such a subject lacks is another matter."""
    items = {"monitoring_sampled": "是", "monitoring_national": "是", "monitoring_arts_level": 3}
    blank = {f"monitoring_{subject}_{what}": "" for subject in ("chinese", "arts") for what in ("level", "spread")}
    facts = jh.load(impeccable.write(tmp_path, **{**blank, **items}))
    cell = papers.build_form(jh.assess(facts, as_of=DAY)).tables["V"].cell("B31", "told")
    told = {key: (cell.field(key).text, cell.field(key).state) for key in ("chinese", "chinese_spread", "arts_spread")}
    unmeasured = ("没有监测", "not_applicable")
    assert told == {"chinese": unmeasured, "chinese_spread": unmeasured, "arts_spread": ("未报", "missing")}


@pytest.mark.parametrize("at", [("II-1", "junior.passing"), ("II-1", "junior.rate"), ("III", "junior.mean")])
def test_nothing_is_counted_while_a_school_may_be_lacking(at: tuple[str, str]) -> None:
    """A school of no known type may have pupils of either stage: what the others count is not the county's."""
    own = {"county_code": "0", "county_name": "县0"}
    junior = {"school_type": "junior", "junior_pupils": 1, "junior_pe_arts_teachers": 1}
    schools = [
        own | {"school_code": "0", "school_name": "校0"} | junior,
        own | {"school_code": "1", "school_name": "校1"},
    ]
    answer = jh.assess(counties.facts_of(schools), as_of=DAY)
    form = papers.build_form(answer)
    assert form.tables["II-2"].cell("junior:0", "B3").text == "100.00"
    assert form.tables[at[0]].cell(at[1], "B3").text == "不能判定"
    assert papers.foot_form(form, answer.rules) == ()


def test_every_golden_county_s_form_foots(tmp_path: Path) -> None:
    """The worked cases stand exactly on the lines."""
    rows = [
        school for case in golden.cases() if case.as_of == golden.DAY and not case.tables for school in case.schools
    ]
    answers = list(jh.assess_all(jh.load(golden.write_schools(rows, tmp_path)), as_of=golden.DAY))
    assert len(answers) > 20
    for answer in answers[:: max(1, len(answers) // 15)]:
        form = papers.build_form(answer)
        agrees(form, answer)
        assert papers.foot_form(form, answer.rules) == (), answer.county_name


def test_the_command_writes_the_form_that_its_schema_describes(tmp_path: Path) -> None:
    """JSON by the schema; under --strict an unfinished form is not passed."""
    file = tmp_path / "form.json"
    assert main(["form", str(SHILI), "--format", "json", "--output", str(file), "--strict"]) == 1
    told = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(papers.form_schema()).validate(told)
    assert told["findings"] == []
    assert len(told["open"]) == 37
    assert told["layout"]["cover"] == "by_description"


def test_the_command_tells_what_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    """On the screen: the tables, that they foot, and what is still to be filled in."""
    assert main(["form", str(SHILI)]) == 0
    told = capsys.readouterr().out
    assert "核对：各表勾稽相符" in told
    assert "表Ⅱ-2 沙湾苏木初级中学 生均教学仪器设备值（元）：未报" in told


@settings(max_examples=settings().max_examples // 5)
@given(number=st.fractions(min_value=0, max_value=10**9), decimals=st.integers(0, 4))
def test_figures_are_rounded_half_up(number: Fraction, decimals: int) -> None:
    """By whole numbers, not by doubles: half up, with exactly so many decimals."""
    from junheng.output.form.printing import decimal_text

    text = decimal_text(number, decimals)
    error = Fraction(text) - number
    assert Fraction(-1, 2) < error * 10**decimals <= Fraction(1, 2)
    assert len(text.partition(".")[2]) == decimals
