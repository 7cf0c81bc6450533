"""Every check fires on one side of its line and is silent on the other; a bad check file is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

import check_cases
import junheng as jh
from check_cases import CHECKS, Case
from junheng.facts.schema import SCHOOLS, STAGES, TABLES
from junheng.quality.kinds import KINDS
from junheng.quality.load import CHECKS as FOLDER
from junheng.quality.load import TERMS, load_checks
from junheng.quality.run import run_checks
from junheng.quality.words import SENTENCES
from test_workbooks import any_facts

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"


@pytest.mark.parametrize("case", check_cases.cases(), ids=lambda case: f"{case.check}:{case.rule}")
def test_a_check_fires_on_one_side_of_its_line_only(case: Case) -> None:
    """One finding, in labels, at the cell that the case names; none in its silent variants.

    None either with any one of the cells that a comparison reads taken out: not reported is not wrong.
    """
    found = {name: check_cases.results()[case.check, case.rule, name] for name in case.variants}
    (finding,) = found.pop("fires")
    assert (finding.check.id, finding.column) == (case.check, case.at)
    assert_speaks_in_labels(finding)
    assert {name: ones for name, ones in found.items() if ones} == {}


def assert_speaks_in_labels(finding: jh.Finding) -> None:
    """Message and remedy are Chinese sentences with the data dictionary's labels, never its English names."""
    said = finding.message + finding.expected + finding.remedy
    assert not [name for table in TABLES.values() for name in table.by_name if "_" in name and name in said]
    assert "None" not in said
    if finding.check.kind != "read":
        label = TABLES[finding.table].column(str(finding.column)).label
        assert label in finding.message or finding.check.kind == "hugging"
        assert finding.expected


def test_a_ratio_never_looks_as_if_it_were_on_its_bound() -> None:
    """A little under 50 is not shown as 50."""
    ratios = [case for case in check_cases.cases() if CHECKS[case.check].kind == "ratio_range"]
    said = [check_cases.results()[case.check, case.rule, "fires"][0].message for case in ratios]
    assert any("＝ 49.9999，应在 50～" in message for message in said)
    shown = [re.findall(r"[\d.]+", message.split(" ＝ ")[1]) for message in said]
    assert all(numbers[0] not in numbers[1:] for numbers in shown)


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_every_check_has_cases_on_both_sides() -> None:
    """A check without a case that fires and one that is silent is no check; no two cases share their name."""
    assert len({(case.check, case.rule) for case in check_cases.cases()}) == len(check_cases.cases())
    assert set(CHECKS) == {case.check for case in check_cases.cases()}
    assert all(case.silent for case in check_cases.cases())


def test_every_bound_has_a_case_of_its_own() -> None:
    """Where a check has a least and a most, by stage or not, there are as many cases as bounds."""
    counted = Counter(case.check for case in check_cases.cases())
    for check in CHECKS.values():
        bounds = check.terms.bounds
        sides = len(set(bounds.least.values()) - {0}) + len(set(bounds.most.values())) + bounds.most_is_this_year
        assert counted[check.id] >= min(sides, 2), check.id


def test_there_are_many_checks_and_each_kind_is_used_and_said() -> None:
    """The vocabulary is closed: one function, one sentence and one reading for each kind."""
    assert len(CHECKS) >= 40
    assert {check.kind for check in CHECKS.values()} == set(KINDS) == set(TERMS) == set(SENTENCES)
    assert {check.severity for check in CHECKS.values()} == {"error", "warning", "hint"}
    assert all(check.means and check.remedy and check.theme for check in CHECKS.values())


def test_the_example_countys_findings_as_a_whole() -> None:
    """One cell missing, two schools with far more equipment, a kindergarten to confirm, one point rich in backbone."""
    found = jh.check(jh.load(SHILI))
    assert [(one.check.id, one.school_code, one.column) for one in found.findings] == [
        ("Q002", "1506990029", "equipment_value"),
        ("Q801", "1506990003", "equipment_value"),
        ("Q801", "1506990007", "equipment_value"),
        ("Q310", "1506990011", "kindergarten_pupils"),
        ("Q802", "1506990016", "primary_backbone_teachers"),
    ]
    assert found.counts == {"error": 0, "warning": 1, "hint": 4}
    assert found.findings[0].message == "教学仪器设备资产值未报，B6 因此没有数值"


IMPECCABLE = {
    "county_code": "150699",
    "county_name": "某旗",
    "school_type": "nine_year",
    "sponsor_code": "7",
    "location_code": "121",
    "location": "town",
    "teaching_language": "汉语",
    "is_boarding": "是",
    "built_year": 1998,
    "dense_city_core": "否",
    "kindergarten_pupils": 0,
    "migrant_pupils": 60,
    **{f"{stage}_pupils": 320 for stage in STAGES},
    **{f"{stage}_classes": 8 for stage in STAGES},
    **{f"{stage}_teachers": 25 for stage in STAGES},
    **{f"{stage}_above_required_teachers": 22 for stage in STAGES},
    **{f"{stage}_backbone_teachers": 5 for stage in STAGES},
    **{f"{stage}_pe_arts_teachers": 4 for stage in STAGES},
    **{f"{stage}_visiting_pe_arts_teachers": 0 for stage in STAGES},
    **{f"{stage}_in_zone_pupils": 300 for stage in STAGES},
    **{f"{stage}_new_pupils": 60 for stage in STAGES},
    **{f"{stage}_new_in_zone_pupils": 58 for stage in STAGES},
    "primary_grades": 6,
    "junior_grades": 3,
    "teaching_area": 4900,
    "indoor_sports_area": 400,
    "sports_ground_area": 6900,
    "extra_sports_area": 0,
    "equipment_value": 1800000,
    "multimedia_rooms": 20,
    "certified_teachers": 50,
    "trained_360h_teachers": 48,
    "operating_budget": 800000,
    "operating_final": 790000,
    "training_budget": 50000,
    "training_spent": 48000,
    "approved_operating_fund": 700000,
    "heating_fund": 90000,
    "boarding_fund": 60000,
    "entry_grade7": 110,
    "graduates": 106,
    "transfers_in": 3,
    "transfers_out": 6,
    "deaths": 0,
    "suspended": 1,
    "returned": 1,
}


def impeccable(folder: Path) -> Path:
    """Write a county of ten schools, with every table, in which nothing is wrong."""
    codes = [f"15069900{number:02d}" for number in range(10)]
    schools = [{**IMPECCABLE, "school_code": code, "school_name": f"第{code}学校"} for code in codes]
    grades = {"primary": [1, 1, 2, 2, 3, 4, 5, 6], "junior": [7, 7, 7, 8, 8, 8, 9, 9]}
    classes = [
        {"school_code": code, "stage": stage, "grade": grade, "class_name": f"{grade}-{at}", "pupils": 40}
        for code in codes
        for stage in STAGES
        for at, grade in enumerate(grades[stage])
    ]
    tables = {
        "schools": schools,
        "period": [{"school_year": "2025-2026", "counting_date": "2025-09-01", "basis": "census"}],
        "classes": classes,
        "rooms": [{"school_code": code, "kind": "music", "area": 96} for code in codes],
        "judged": [{"indicator": "B8", "judgement": "met"}],
        "cohorts": [{"school_code": codes[0], "year": 2025, "grade": 1, "pupils": 60}],
    }
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        check_cases.write_rows(rows, folder / f"{name}.csv")
    return folder


def test_nothing_is_found_in_an_impeccable_county(tmp_path: Path) -> None:
    """Every column of every table filled in rightly: no error, no warning, no hint."""
    found = jh.check(jh.load(impeccable(tmp_path)))
    assert found.findings == ()
    assert {check.kind for check in found.skipped} == {"change"}
    assert set(IMPECCABLE) | {"school_code", "school_name", "parent_school_code", "senior_pupils", "note"} == set(
        SCHOOLS.by_name
    )


def skipped_for_the_day(found: jh.Findings) -> list[str]:
    """Return the checks that were not made for want of a day."""
    return [check.id for check in found.skipped if not check.needs_previous]


def test_without_a_day_checks_that_need_one_are_skipped(tmp_path: Path) -> None:
    """No date anywhere: the lines and this year's bound are not looked at, everything else is."""
    check_cases.write({"built_year": 2999, "primary_pupils": 10, "primary_in_zone_pupils": 11}, tmp_path)
    found = jh.check(jh.load(tmp_path))
    assert skipped_for_the_day(found) == ["Q301", "Q901", "Q902"]
    ids = {one.check.id for one in found.findings}
    assert "Q105" in ids
    assert "Q301" not in ids
    assert "Q301" in {one.check.id for one in jh.check(jh.load(tmp_path), as_of=dt.date(2025, 9, 1)).findings}


def test_facts_older_than_the_standard_are_checked_without_its_lines(tmp_path: Path) -> None:
    """A counting date before the standard skips the lines only; as an option such a day is refused, as in assess."""
    check_cases.write({"built_year": 2011, "period": [{"counting_date": "2010-09-01"}]}, tmp_path)
    found = jh.check(jh.load(tmp_path))
    assert skipped_for_the_day(found) == ["Q901", "Q902"]
    assert "Q301" in {one.check.id for one in found.findings}
    with pytest.raises(jh.Unusable, match="2017-04-19"):
        jh.check(jh.load(tmp_path), as_of=dt.date(2010, 9, 1))


def counted(folder: Path, day: str, **schools: int) -> jh.Facts:
    """Return the facts of a county with these schools and their pupils, counted on a day."""
    folder.mkdir()
    rows = [{"county_code": "1", "school_code": code, "primary_pupils": pupils} for code, pupils in schools.items()]
    check_cases.write_rows(rows, folder / "schools.csv")
    check_cases.write_rows([{"counting_date": day}], folder / "period.csv")
    return jh.load(folder)


def test_last_years_facts_are_compared_where_they_are_given(tmp_path: Path) -> None:
    """A fall, a school gone and a new one are found; without last year those checks are listed as skipped."""
    now = counted(tmp_path / "now", "2025-09-01", 甲=300, 新=200)
    before = counted(tmp_path / "before", "2024-09-01", 甲=500, 旧=200)
    found = jh.check(now, previous=before)
    changes = [one for one in found.findings if one.check.needs_previous]
    assert [(one.check.id, one.school_code, one.row) for one in changes] == [
        ("Q965", "旧", None),
        ("Q951", "甲", 0),
        ("Q964", "新", 1),
    ]
    assert changes[1].message == "小学在校生数由上年的 500 人变为 300 人，减少 40%"
    assert changes[1].expected == "与上年相比减少不超过 20%"
    assert found.skipped == ()
    alone = jh.check(now)
    assert [check.id for check in alone.skipped] == [check.id for check in CHECKS.values() if check.needs_previous]


@pytest.mark.parametrize(("day", "county", "reason"), [("2026-09-01", "1", "放反"), ("2024-09-01", "2", "没有这个县")])
def test_facts_that_are_not_last_years_are_refused(tmp_path: Path, day: str, county: str, reason: str) -> None:
    """Two years the wrong way round, or another county: no finding would mean anything."""
    now = counted(tmp_path / "now", "2025-09-01", 甲=300)
    folder = tmp_path / "before"
    counted(folder, day, 甲=500)
    check_cases.write_rows([{"county_code": county, "school_code": "甲"}], folder / "schools.csv")
    with pytest.raises(jh.Unusable, match=reason):
        jh.check(now, previous=jh.load(folder))


def test_the_same_facts_as_last_years_change_nothing() -> None:
    """A year in which nothing happened adds no finding."""
    facts = jh.load(SHILI)
    assert jh.check(facts, previous=facts).findings == jh.check(facts).findings


def test_a_check_that_says_it_better_silences_another(tmp_path: Path) -> None:
    """万元 typed as 元 is one finding, not three."""
    alike = {"school_type": "primary", "primary_pupils": 100, "equipment_value": [*range(290_000, 299_000, 1000)]}
    check_cases.write(
        {"school_type": "primary", "primary_pupils": 100, "equipment_value": 29, "alike": alike}, tmp_path
    )
    found = run_checks(jh.load(tmp_path), jh.load_standard())
    assert [one.check.id for one in found if one.column == "equipment_value"] == ["Q701"]


def test_the_gravest_come_first_then_tables_and_schools_in_their_order(tmp_path: Path) -> None:
    """Severity, then table, then row."""
    rows = [{"school_code": code, "primary_pupils": 10, "primary_in_zone_pupils": 11} for code in "乙甲"]
    check_cases.write_rows(rows, tmp_path / "schools.csv")
    check_cases.write_rows([{"school_code": "丙", "stage": "primary", "pupils": 0}], tmp_path / "classes.csv")
    found = run_checks(jh.load(tmp_path), jh.load_standard())
    graves = [("error", "warning", "hint").index(one.severity) for one in found]
    assert graves == sorted(graves)
    errors = [(one.check.id, one.school_code) for one in found if one.severity == "error"]
    assert errors == [("Q003", "乙"), ("Q105", "乙"), ("Q003", "甲"), ("Q105", "甲"), ("Q612", "丙")]


def test_findings_are_frozen_framed_and_readable() -> None:
    """One row a finding; the counts in the repr."""
    found = jh.check(jh.load(SHILI))
    assert found.to_frame().height == len(found.findings)
    assert found.to_frame().row(0, named=True)["id"] == "Q002"
    assert repr(found) == "<Findings 示例旗（虚构）：错误 0，警告 1，提示 4>"
    assert "Q002 警告 沙湾苏木初级中学" in repr(found.findings[0])
    for thing, name in ((found, "findings"), (found.findings[0], "message"), (found.findings[0].check, "severity")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


def test_a_frame_of_no_findings_has_its_columns(tmp_path: Path) -> None:
    """An impeccable county gives an empty frame that can still be filtered."""
    frame = jh.check(jh.load(impeccable(tmp_path))).to_frame()
    assert frame.height == 0
    assert "severity" in frame.columns


@settings(max_examples=settings().max_examples // 15, deadline=None)
@given(facts=any_facts())
def test_any_facts_can_be_checked_and_handed_back(tmp_path_factory: pytest.TempPathFactory, facts: jh.Facts) -> None:
    """Whatever the reader accepts is checked without a failure, and survives the annotated workbook."""
    file = tmp_path_factory.mktemp("any") / "annotated.xlsx"
    found = jh.Findings("", "", "national-2017", None, run_checks(facts, jh.load_standard(), check_cases.DAY))
    assert all(one.message and one.remedy and "None" not in one.message for one in found.findings)
    jh.write_annotated(found, facts, file)
    again = jh.load(file)
    assert all(again.tables[name].equals(facts.tables[name]) for name in TABLES)


def changed(tmp_path: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of the checks in which the first `before` of one file is `after`."""
    folder = tmp_path / "checks"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text, "the test no longer changes anything"
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "before", "after", "key", "reason"),
    [
        ("1-parts.yaml", "severity: error", "severity: grave", "checks[0].severity", "不认识 'grave'"),
        ("1-parts.yaml", "kind: within", "kind: inside", "checks[0].kind", "不认识 'inside'"),
        ("1-parts.yaml", "    part: above", "    share: above", "checks[0].share", "不认识这个键"),
        ("1-parts.yaml", "part: above_required_teachers", "part: heroes", "checks[0].part", "学校表里没有 'heroes'"),
        ("1-parts.yaml", "part: above_required_teachers", "part: note", "checks[0].part", "不是数量"),
        ("1-parts.yaml", "whole: teachers", "whole: teaching_area", "checks[0].whole", "单位不同"),
        ("1-parts.yaml", "whole: teachers", "whole: [teachers, teaching_area]", "checks[0].whole", "不能相加"),
        ("1-parts.yaml", "whole: teachers", "whole: []", "checks[0].whole", "类型不对"),
        ("1-parts.yaml", "    means: 高于", "    # 高于", "checks[0].means", "缺少这个键"),
        ("1-parts.yaml", "id: Q102", "id: Q101", "checks[1].id", "出现两次"),
        ("1-parts.yaml", "theme: ", "topic: ", "topic", "不认识这个键"),
        ("0-reported.yaml", "reported: true", "reported: 1", "checks[2].must.reported", "类型不对"),
        (
            "0-reported.yaml",
            "{column: school_type, reported: true}",
            "{column: school_type}",
            "checks[2].must",
            "恰好一种",
        ),
        ("0-reported.yaml", "table: period", "table: epoch", "checks[7].table", "不认识 'epoch'"),
        ("2-lists.yaml", "table: classes", "table: rooms", "checks[0].of.table", "不认识 'rooms'"),
        ("2-lists.yaml", "measure: sum", "measure: mean", "checks[0].of.measure", "不认识 'mean'"),
        ("3-ranges.yaml", "    least: 1900\n    most: this_year\n", "", "checks[0].least", "缺少这个键"),
        ("3-ranges.yaml", "least: 1900", "least: -1", "checks[0].least", "太小"),
        ("3-ranges.yaml", "least: 1900", "least: old", "checks[0].least", "类型不对"),
        ("3-ranges.yaml", "junior: 4}", "senior: 4}", "checks[1].most.senior", "不认识这个键"),
        ("4-ratios.yaml", "unless: [Q702]", "unless: [Q000]", "checks[3].unless", "没有编号为 Q000 的检查"),
        ("5-requires.yaml", "at_least: 1}", "at_least: 1, at_most: 2}", "checks[0].when[0]", "恰好一种"),
        ("5-requires.yaml", "equals: vocational", "equals: circus", "checks[8].when[0].equals", "没有代码 'circus'"),
        ("5-requires.yaml", "equals: true", "at_least: 1", "checks[4].must.column", "不是数量"),
        (
            "5-requires.yaml",
            "{column: own_stage, equals",
            "{column: own_stage, reported",
            "checks[5].when[1]",
            "恰好一种",
        ),
        ("6-keys.yaml", "key: school_code", "key: code", "checks[3].key", "学校表里没有 'code'"),
        ("7-units.yaml", "factor: 0.0001", "factor: 0", "checks[0].slips", "错了多少倍"),
        ("7-units.yaml", "least_schools: 5", "least_schools: 2", "checks[0].least_schools", "太小"),
        ("8-outliers.yaml", "side: above", "side: left", "checks[0].side", "不认识 'left'"),
        ("9-year.yaml", "    rise: 0.2\n    fall: 0.2\n", "", "checks[0].rise", "缺少这个键"),
        ("9-year.yaml", "event: recoded", "event: moved", "checks[12].event", "不认识 'moved'"),
        ("9-year.yaml", "event: recoded", "event: recoded\n    rise: 1", "checks[12].rise", "不认识这个键"),
        ("9-lines.yaml", "margin: 0", "margin: none", "checks[0].margin", "类型不对"),
    ],
)
def test_a_bad_check_file_is_refused(tmp_path: Path, file: str, before: str, after: str, key: str, reason: str) -> None:
    """The refusal names file and key, says why, and what to do."""
    with pytest.raises(jh.Unusable) as refused:
        load_checks(changed(tmp_path, file, before, after))
    problem = refused.value.problems[0]
    assert (problem.file, problem.column) == (f"checks/{file}", key)
    assert reason in problem.reason
    assert problem.remedy


@pytest.mark.parametrize(("least", "fires"), [("1998", False), ("1999", True)])
def test_a_bound_is_data(tmp_path: Path, least: str, fires: bool) -> None:
    """Another number in the file, another finding; no Python changes."""
    folder = changed(tmp_path, "3-ranges.yaml", "least: 1900", f"least: {least}")
    (check,) = [one for one in load_checks(folder) if one.id == "Q301"]
    check_cases.write({"built_year": 1998}, _empty(tmp_path / "facts"))
    found = run_checks(jh.load(tmp_path / "facts"), jh.load_standard(), check_cases.DAY, [check])
    assert bool(found) is fires
