"""The fictional 示例旗 is made by a seeded script, says that it is invented, and tells the story that it should."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import junheng as jh
from junheng.facts.sheets import EXPLANATION_SHEET

SHILI = Path(__file__).parents[2] / "examples" / "shili"


@pytest.fixture(scope="module")
def facts() -> jh.Facts:
    """What the county handed in."""
    return jh.load(SHILI / "facts")


@pytest.fixture(scope="module")
def answer(facts: jh.Facts) -> jh.Assessment:
    """The county's answer."""
    return jh.assess(facts)


def write(script: str, folder: Path) -> None:
    """Let one of the example's scripts write into a folder."""
    spec = importlib.util.spec_from_file_location(f"{script}_of_shili", SHILI / f"{script}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write(folder)


def test_the_year_before_is_made_of_this_year(tmp_path: Path) -> None:
    """The same bytes every time; a wider spread, fewer schools that pass, one school fewer."""
    write("last_year", tmp_path)
    made = {file.name: file.read_bytes() for file in (tmp_path / "last-year").iterdir()}
    assert made == {file.name: file.read_bytes() for file in (SHILI / "last-year").iterdir()}
    before, now = (jh.assess(jh.load(SHILI / name)) for name in ("last-year", "facts"))
    assert before.stages["primary"].indicators["B6"].cv > now.stages["primary"].indicators["B6"].cv > 0.5
    passing = [sum(one.verdict == "pass" for one in year.sections if one.in_sample) for year in (before, now)]
    assert passing == [24, 26]
    assert len({one.school_code for one in now.sections} - {one.school_code for one in before.sections}) == 1


def test_the_ledger_s_script_makes_the_same_bytes(tmp_path: Path, answer: jh.Assessment) -> None:
    """Every item for a gap is of a gap that the answer has, of no more than it lacks, and says that it is invented."""
    write("make_funding", tmp_path)
    made = {file.name: file.read_bytes() for file in (tmp_path / "funding").iterdir()}
    assert made == {file.name: file.read_bytes() for file in (SHILI / "funding").iterdir()}
    with (SHILI / "funding" / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lacks = {
        f"{one.school_code}:{one.stage}:{id}:threshold": cell.gap_to_threshold
        for one in answer.sections
        for id, cell in one.indicators.items()
    }
    lacking = [row for row in rows if row["gap"].endswith(":threshold")]
    assert len(lacking) > 3
    assert all(0 < float(row["quantity"]) <= lacks[row["gap"]] for row in lacking)
    assert [row for row in rows if not row["gap"]]
    assert {row["note"] for row in rows} == {"虚构数据，仅供演示"}


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    """What is committed, tables and workbook, is what the script writes."""
    write("make", tmp_path)
    made = {file.name: file.read_bytes() for file in (tmp_path / "facts").iterdir()}
    assert made == {file.name: file.read_bytes() for file in (SHILI / "facts").iterdir()}
    assert (tmp_path / "shili.xlsx").read_bytes() == (SHILI / "shili.xlsx").read_bytes()


def test_every_row_of_every_file_says_that_it_is_invented() -> None:
    """Nobody can take a figure of the example for a real one."""
    files = [*(SHILI / "facts").glob("*.csv"), *(SHILI / "last-year").glob("*.csv")]
    assert {file.stem for file in files} >= {"schools", "period", "classes", "rooms", "cohorts", "judged", "county"}
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert rows
        assert all("虚构" in row["note"] for row in rows), file.name


def test_nobody_who_is_invented_has_a_name_from_the_seed() -> None:
    """Real names stand only where the seed is reproduced (P5)."""
    with (SHILI.parent / "otog" / "group.csv").open(encoding="utf-8-sig", newline="") as file:
        real = {row["name"] for row in csv.DictReader(file)}
    told = "\n".join(file.read_text(encoding="utf-8-sig") for file in sorted(SHILI.rglob("*.csv")))

    assert len(real) == 28
    assert {name for name in real if name in told} == set()


def test_the_workbook_is_the_same_county_and_says_that_it_is_invented(facts: jh.Facts) -> None:
    """Its tables read back to the same facts; its explaining sheet warns."""
    book = jh.load(SHILI / "shili.xlsx")
    assert {name: table.to_pylist() for name, table in book.tables.items()} == {
        name: table.to_pylist() for name, table in facts.tables.items()
    }
    assert (book.items, book.remarks) == (facts.items, ())
    told = CalamineWorkbook.from_path(str(SHILI / "shili.xlsx")).get_sheet_by_name(EXPLANATION_SHEET).to_python()
    assert any("示例旗不存在" in str(cell) for row in told for cell in row)


def test_there_are_schools_of_every_kind(facts: jh.Facts) -> None:
    """Schools, a campus, points on both sides of 50 pupils; private ones, Mongolian ones, one with a kindergarten."""
    rows = facts.tables["schools"].to_pylist()
    assert Counter(row["school_type"] for row in rows) == {
        **{"primary": 15, "teaching_point": 3, "nine_year": 3, "junior": 5},
        **{"complete_secondary": 2, "twelve_year": 1, "special": 1},
    }
    assert sorted(row["primary_pupils"] for row in rows if row["school_type"] == "teaching_point") == [12, 31, 58]
    assert [row["school_name"] for row in rows if row["school_name"].endswith("校区")] == ["示例旗实验小学东校区"]
    assert sum(row["sponsor_code"] == "10" for row in rows) == 2
    assert sum(row["teaching_language"] == "蒙古语" for row in rows) == 2
    assert {row["school_name"]: row["kindergarten_pupils"] for row in rows if row["kindergarten_pupils"]} == {
        "石桥苏木中心小学": 46
    }
    assert 0 < sum(row["migrant_pupils"] for row in rows) < sum(row["primary_pupils"] or 0 for row in rows)


def test_which_schools_fail_and_by_what(answer: jh.Assessment) -> None:
    """Most pass; each other one is wrong in a way of its own."""
    amiss = {
        (one.school_name, one.stage): (
            one.verdict,
            {id: m.status for id, m in one.indicators.items() if m.status != "met"},
        )
        for one in answer.sections
    }
    assert {section: found for section, found in amiss.items() if found != ("pass", {})} == {
        ("示例旗第二小学", "primary"): ("pass", {"B2": "floor"}),
        ("示例旗第四中学", "junior"): ("pass", {"B5": "floor"}),
        ("示例旗实验小学", "primary"): ("fail", {"B5": "below"}),
        ("示例旗第四小学", "primary"): ("fail", {"B3": "floor", "B4": "floor"}),
        ("沙湾苏木中心小学", "primary"): ("fail", {"B2": "below"}),
        ("东河镇九年一贯制学校", "junior"): ("fail", {"B1": "below"}),
        ("沙湾苏木初级中学", "junior"): ("undetermined", {"B6": "missing"}),
    }
    assert {one.excluded_because for one in answer.sections} == {None, "small_teaching_point", "special_school"}


def test_one_spread_is_just_too_wide_and_one_is_open(answer: jh.Assessment) -> None:
    """Two new schools were equipped at once; one school has not reported its equipment."""
    spreads = {(stage, id): one for stage, its in answer.stages.items() for id, one in its.indicators.items()}
    assert {key for key, one in spreads.items() if one.status == "fail"} == {("primary", "B6")}
    assert {key for key, one in spreads.items() if one.status == "undetermined"} == {("junior", "B6")}
    assert 0.50 < (spreads["primary", "B6"].cv or 0) < 0.51
    assert sorted(spreads["primary", "B6"].contributions, key=spreads["primary", "B6"].contributions.get)[-2:] == [
        *("1506990007", "1506990003")
    ]
    assert all(one.cv < 0.3 for key, one in spreads.items() if one.cv is not None and key != ("primary", "B6"))


def test_which_requirements_fail_and_why(answer: jh.Assessment) -> None:
    """A room, two classes, money of a small and a special school, training twice, a grade; the survey is to come."""
    assert {id: one.reason for id, one in answer.requirements.items() if one.status == "fail"} == {
        "B10": "美术专用教室：1 校不达标：北梁苏木中心小学",
        "B12": "小学班额：1 班不达标：示例旗实验小学一年级1班；初中班额：1 班不达标：示例旗第一中学初中部七年级1班",
        "B13": "规模较小学校核定公用经费：1 校不达标：清水嘎查教学点",
        "B14": "特殊教育生均公用经费为 7,402.99 元，不到 8,000 元",
        "B16": "完成 360 学时培训教师比例为 99.9%，不到 100.0%",
        "B26": "教师培训经费占公用经费预算的比例：1 校不达标：红柳嘎查小学",
        "B28": "所有学校德育工作、校园文化建设水平达到良好以上：1 校不达标：南滩苏木中心小学",
    }
    others = Counter(one.status for one in answer.requirements.values())
    assert (others["undetermined"], others["not_applicable"]) == (1, 1)
    assert answer.requirements["SR"].status == "undetermined"
    assert answer.requirements["B31"].status == "not_applicable"


def test_the_cohorts_fit_the_classes_and_the_towns(facts: jh.Facts) -> None:
    """Each grade's pupils are its classes'; births fall in every town, and only the seat gains children."""
    cohorts = facts.tables["cohorts"].to_pylist()
    grades = Counter[tuple[str, int]]()
    for row in facts.tables["classes"].to_pylist():
        grades[row["school_code"], row["grade"]] += row["pupils"]
    assert {(row["school_code"], row["grade"]): row["pupils"] for row in cohorts if row["school_code"]} == grades
    births: dict[str, list[int]] = {}
    for row in cohorts:
        if not row["school_code"]:
            births.setdefault(row["town"], []).append(row["births"])
            assert (row["migration"] > 0) == (row["town"] == "示例镇") or row["migration"] == 0
    assert len(births) == 8
    assert all(len(years) == 7 and years == sorted(years, reverse=True) for years in births.values())
