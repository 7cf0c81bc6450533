"""Facts are read exactly, and input that cannot be used is refused with every problem at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import junheng as jh
from junheng.facts.problems import Problem
from junheng.facts.schema import TABLES, Kind


def folder(tmp_path: Path, text: str, name: str = "schools.csv") -> Path:
    """Write one file of a facts folder and return the folder."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read_one(tmp_path: Path, text: str, column: str) -> Any:
    """Return the first cell of `column` after reading a schools.csv."""
    return jh.load(folder(tmp_path, text)).tables["schools"][column][0].as_py()


def problems_of(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    """Return the problems for which a schools.csv is refused."""
    with pytest.raises(jh.Unusable) as refused:
        jh.load(folder(tmp_path, text))
    return refused.value.problems


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("primary_pupils", "300", 300),
        ("primary_pupils", " 300 ", 300),
        ("primary_pupils", "300.0", 300),
        ("primary_pupils", "+300", 300),
        ("primary_pupils", '"1,300"', 1_300),
        ("teaching_area", '"1,234,567.89"', 123_456_789),
        ("primary_pupils", "0", 0),
        ("primary_pupils", "-0", 0),
        ("primary_pupils", "", None),
        ("primary_pupils", "   ", None),
        ("primary_pupils", "200000", 200_000),
        ("teaching_area", "12.5", 1250),
        ("teaching_area", "12.50", 1250),
        ("teaching_area", "12.3400", 1234),
        ("teaching_area", "12.3400000000", 1234),
        ("teaching_area", "+12.0000000", 1200),
        ("teaching_area", "0.01", 1),
        ("teaching_area", "12.", 1200),
        ("teaching_area", "1000000000", 10**11),
        ("equipment_value", "100000000000.00", 10**13),
        ("is_boarding", "是", True),
        ("is_boarding", "TRUE", True),
        ("is_boarding", "False", False),
        ("is_boarding", "0", False),
        ("is_boarding", "否", False),
        ("school_type", "nine_year", "nine_year"),
        ("school_type", "九年一贯制学校", "nine_year"),
        ("sponsor_code", "民办", "10"),
        ("location_code", "121", "121"),
        ("school_code", "0015", "0015"),
        ("school_code", "Ａ１５", "A15"),
        ("primary_pupils", "３００", 300),
        ("teaching_area", "　12．5　", 1250),
        ("teaching_language", "Ａ１５", "Ａ１５"),
    ],
)
def test_a_cell_is_kept_exactly(tmp_path: Path, column: str, written: str, kept: Any) -> None:
    """What is written comes out as whole numbers in the smallest unit, codes as text, blanks as not reported."""
    assert read_one(tmp_path, f"school_name,{column}\n甲,{written}\n", column) == kept


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("primary_pupils", "三百", "应当是数字"),
        ("primary_pupils", "1e5", "应当是数字"),
        ("primary_pupils", "3,5", "应当是数字"),
        ("primary_pupils", "-1", "不能是负数"),
        ("primary_pupils", "3.5", "应当是整数"),
        ("primary_pupils", "200001", "上限"),
        ("primary_pupils", "9" * 28, "上限"),
        ("primary_pupils", "9" * 40, "上限"),
        ("teaching_area", "12.345", "最多 2 位小数"),
        ("teaching_area", "-0.01", "不能是负数"),
        ("teaching_area", "-12.345", "不能是负数"),
        ("teaching_area", "1000000000.01", "上限"),
        ("equipment_value", "100000000000.01", "上限"),
        ("equipment_value", "inf", "应当是数字"),
        ("is_boarding", "也许", "代码"),
        ("school_type", "college", "代码"),
        ("location_code", "130", "代码"),
        ("school_code", "1.5E+17", "表格软件"),
    ],
)
def test_a_wrong_cell_is_named_with_reason_and_remedy(tmp_path: Path, column: str, written: str, reason: str) -> None:
    """The problem says file, row, heading, value, why and what to do."""
    (problem,) = problems_of(tmp_path, f'school_name,{column},county_code\n甲,,1\n乙,"{written}",2\n')
    assert (problem.file, problem.row, problem.column, problem.value) == ("schools.csv", 3, column, written)
    assert reason in problem.reason
    assert problem.remedy


def test_a_code_with_unseen_signs_and_a_lost_code_are_both_named(tmp_path: Path) -> None:
    """Each with its cell."""
    found = problems_of(tmp_path, "school_code,primary_pupils\nA\x07,1\n1.5E+17,1\n")
    assert [(one.file, one.row, one.value) for one in found] == [
        ("schools.csv", 2, "A\x07"),
        ("schools.csv", 3, "1.5E+17"),
    ]


def test_the_serial_number_of_a_date_is_named(tmp_path: Path) -> None:
    """A spreadsheet shows a date and keeps a number: the problem says which cell holds it."""
    folder(tmp_path, "counting_date\n45901\n", "period.csv")
    (problem,) = problems_of(tmp_path, "school_code\nA\n")
    assert (problem.file, problem.row, problem.column, problem.value) == ("period.csv", 2, "counting_date", "45901")
    assert "序号" in problem.reason


def test_none_is_read_as_not_reported_and_asked_about(tmp_path: Path) -> None:
    """It may mean nought: the remark says where it stands."""
    facts = jh.load(folder(tmp_path, "school_code,primary_pupils\nA,无\n"))
    assert facts.tables["schools"]["primary_pupils"].to_pylist() == [None]
    assert [(one.row, one.column, one.value) for one in facts.remarks] == [(2, "primary_pupils", "无")]


def test_the_codes_that_there_are_are_listed(tmp_path: Path) -> None:
    """Each with what it means."""
    (problem,) = problems_of(tmp_path, "school_code,school_type\nA,college\n")
    assert "primary（小学）、" in problem.remedy
    assert "、nine_year（九年一贯制学校）、" in problem.remedy


def test_answers_that_nobody_gave_are_a_column_of_answers(tmp_path: Path) -> None:
    """Also a column of codes: its type is that of one that is filled in."""
    schema = jh.load(folder(tmp_path, "school_code,is_boarding,school_type\nA,,\n")).tables["schools"].schema
    assert (schema.field("is_boarding").type, schema.field("school_type").type) == (pa.bool_(), pa.string())


def test_dates_that_nobody_wrote_are_a_column_of_dates(tmp_path: Path) -> None:
    """A table whose every date is blank has the type of one that is filled in."""
    folder(tmp_path, "school_year,counting_date\n2025-2026,\n", "period.csv")
    read = jh.load(folder(tmp_path, "school_code\nA\n")).tables["period"]
    assert read.schema.field("counting_date").type == pa.date32()


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    """Wrong cells in several rows, columns and files are all reported, in order."""
    folder(tmp_path, "counting_date\n去年\n", "period.csv")
    found = problems_of(tmp_path, "school_code,primary_pupils,teaching_area\nA,x,1.234\nB,-5,\nA,1,1\n")
    assert [(one.file, one.row, one.column) for one in found] == [
        ("schools.csv", 2, "primary_pupils"),
        ("schools.csv", 2, "teaching_area"),
        ("schools.csv", 3, "primary_pupils"),
        ("schools.csv", 4, "school_code"),
        ("period.csv", 2, "counting_date"),
    ]


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The same school code in the same county is a problem; in another county it is not."""
    text = "county_code,school_code\n1,A\n2,A\n1,A\n"
    (problem,) = problems_of(tmp_path, text)
    assert (problem.row, problem.value) == (4, "1+A")
    assert "第 2 行" in problem.reason


def test_chinese_and_english_headings_are_the_same_column(tmp_path: Path) -> None:
    """A folder may use the labels of the data dictionary, with a byte order mark as WPS writes it."""
    text = "\ufeff学校标识码,小学在校生数,教学仪器设备资产值\nA,120,3500.5\n"
    row = jh.load(folder(tmp_path, text)).tables["schools"].to_pylist()[0]
    assert (row["school_code"], row["primary_pupils"], row["equipment_value"]) == ("A", 120, 350_050)


def test_a_column_in_both_languages_is_refused(tmp_path: Path) -> None:
    """Nobody can tell which of the two is meant."""
    (problem,) = problems_of(tmp_path, "primary_pupils,小学在校生数\n1,2\n")
    assert (problem.row, problem.column) == (1, "小学在校生数")


def test_a_table_may_be_named_in_chinese(tmp_path: Path) -> None:
    """学校.csv is the schools table."""
    assert len(jh.load(folder(tmp_path, "school_code\nA\n", "学校.csv")).tables["schools"]) == 1


def test_a_table_without_rows_is_usable(tmp_path: Path) -> None:
    """A header alone is a usable table, and every table of the contract is there."""
    facts = jh.load(folder(tmp_path, "school_code,primary_pupils\n"))
    assert set(facts.tables) == set(TABLES)
    assert len(facts.tables["schools"]) == 0


def test_blank_lines_are_not_schools_but_still_count_as_rows(tmp_path: Path) -> None:
    """Row numbers are those of the file."""
    (problem,) = problems_of(tmp_path, "school_code,primary_pupils\nA,1\n,\n\nB,x\n")
    assert problem.row == 5


def test_a_column_that_nobody_knows_is_mentioned(tmp_path: Path) -> None:
    """A mistyped heading must not vanish in silence; it is no reason to refuse the file."""
    facts = jh.load(folder(tmp_path, "school_code,primary_pupil\nA,1\n"))
    assert [(one.file, one.column) for one in facts.remarks] == [("schools.csv", "primary_pupil")]


def test_parquet_gives_the_same_facts_as_csv(tmp_path: Path) -> None:
    """Integers, decimals, doubles, booleans and dates of a Parquet file are read as a person would have typed them."""
    table = {
        "school_code": ["A", "B"],
        "primary_pupils": pa.array([120, None], pa.int32()),
        "junior_pupils": pa.array([1.0, float("nan")]),
        "teaching_area": pa.array([Decimal("12.50"), None], pa.decimal128(10, 2)),
        "equipment_value": pa.array([0.1 + 0.2 - 0.2, 1e10]),
        "is_boarding": [True, None],
    }
    pq.write_table(pa.table(table), tmp_path / "schools.parquet")
    pq.write_table(pa.table({"counting_date": [dt.date(2025, 9, 1)]}), tmp_path / "period.parquet")
    facts = jh.load(tmp_path)
    first, second = facts.tables["schools"].to_pylist()
    assert (first["primary_pupils"], first["junior_pupils"], first["teaching_area"]) == (120, 1, 1250)
    assert (second["primary_pupils"], second["junior_pupils"], second["equipment_value"]) == (None, None, 10**12)
    assert (first["is_boarding"], second["is_boarding"]) == (True, None)
    assert facts.counting_date == dt.date(2025, 9, 1)


def test_a_double_with_more_than_two_decimals_is_refused(tmp_path: Path) -> None:
    """A Parquet double is judged by the shortest decimal that reads back as it."""
    pq.write_table(pa.table({"teaching_area": [12.345]}), tmp_path / "schools.parquet")
    with pytest.raises(jh.Unusable, match=r"12\.345"):
        jh.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("schools.csv", b""),
        ("schools.csv", b"\xff\xfe\x00broken"),
        ("schools.csv", b'school_code\n"open'),
        ("schools.csv", b"school_code\nA,extra\n"),
        ("schools.parquet", b"not parquet"),
    ],
)
def test_an_unreadable_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    """The problem names the file and what to do about it."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(jh.Unusable) as refused:
        jh.load(tmp_path)
    assert refused.value.problems[0].file == name
    assert refused.value.problems[0].remedy


def test_a_path_without_schools_is_refused(tmp_path: Path) -> None:
    """Neither a missing folder nor one without a schools table is an empty county."""
    with pytest.raises(jh.Unusable, match="没有学校表"):
        jh.load(tmp_path)
    with pytest.raises(jh.Unusable, match="没有这个文件或文件夹"):
        jh.load(tmp_path / "nowhere")


def test_one_table_in_two_files_is_refused(tmp_path: Path) -> None:
    """Nobody can tell which file counts."""
    folder(tmp_path, "school_code\nA\n")
    folder(tmp_path, "school_code\nA\n", "学校.csv")
    with pytest.raises(jh.Unusable, match="同一张表"):
        jh.load(tmp_path)


def test_the_data_dictionary_tells_its_columns_apart() -> None:
    """No name or label stands twice in a table, every number has a unit, and keys are columns."""
    for table in TABLES.values():
        names = [column.name for column in table.columns] + [column.label for column in table.columns]
        assert len(set(names)) == len(names), table.name
        assert set(table.key) <= set(table.by_name)
        for column in table.columns:
            assert column.unit or column.kind not in {Kind.AREA, Kind.MONEY}
            assert bool(column.choices) == (column.kind is Kind.CODE)
