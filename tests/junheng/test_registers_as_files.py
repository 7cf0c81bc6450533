"""A register goes out as a workbook and comes back the same; what cannot be used is refused at its cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng import api as jh

TEACHERS, STAFFING = jh.REGISTERS["teachers"], jh.REGISTERS["staffing"]
FOLDER = Path(__file__).parents[2] / "examples" / "shili" / "registers"


@pytest.mark.parametrize("table", [TEACHERS, STAFFING], ids=lambda table: table.name)
def test_a_register_comes_back_as_it_went_out(tmp_path: Path, table: Any) -> None:
    """Codes, dates and numbers of the example, through a workbook."""
    rows = jh.load_register(FOLDER / f"{table.name}.csv", table.name).rows.to_pylist()
    jh.write_table(table, rows, tmp_path / "台账.xlsx", ["说明"])
    back = jh.load_register(tmp_path / "台账.xlsx", table.name)
    assert back.rows.to_pylist() == rows
    assert back.remarks == ()
    assert back.origin.rows[:2] == (2, 3)


def test_the_blank_template_has_drop_downs_and_text_cells(tmp_path: Path) -> None:
    """Its example row is not read, and a code typed there stays text."""
    file = tmp_path / "模板.xlsx"
    jh.write_table(TEACHERS, [], file, ["怎么填"])
    sheet = openpyxl.load_workbook(file)["教师台账"]
    headings = [cell.value for cell in sheet[1]]
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    letter = sheet.cell(2, headings.index("在岗状态") + 1).coordinate
    assert "在编在岗,在编不在岗,借调" in lists[letter]
    assert sheet.column_dimensions["A"].number_format == "@" or sheet["A2"].value.startswith("示例行")
    assert jh.load_register(file).rows.num_rows == 0


def book(file: Path, name: str, *rows: list[Any]) -> Path:
    """Write rows as a sheet."""
    made = openpyxl.Workbook()
    made.active.title = name
    for row in rows:
        made.active.append(row)
    made.save(file)
    return file


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["工号", "姓名"], ["1.50622E+17", "甲"]], "末尾几位丢失"),
        ([["工号", "姓名"], ["1", "甲"], ["1", "乙"]], "工号与第 2 行相同"),
        ([["工号", "在岗状态"], ["1", "在家"]], "不在规定的代码之内"),
        ([["工号", "到统计学校日期"], ["1", "去年"]], "不是日期"),
        ([["工号", "主教学科周课时"], ["1", "12.5"]], "应当是整数"),
        ([["某列"], ["1"]], "没有一个认得的列名"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_cell(tmp_path: Path, rows: list[list[Any]], told: str) -> None:
    """With what to do."""
    with pytest.raises(jh.Unusable, match=told):
        jh.load_register(book(tmp_path / "台账.xlsx", "教师台账", *rows))


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    """By the name that it should have; so are WPS's own format and a file that is none."""
    with pytest.raises(jh.Unusable, match="改名为“教师台账”"):
        jh.load_register(book(tmp_path / "a.xlsx", "Sheet1", ["工号"], ["1"]))
    with pytest.raises(jh.Unusable, match=r"另存为 \.xlsx"):
        jh.load_register(tmp_path / "a.et")


def test_the_example_fits_the_facts_beside_it() -> None:
    """On the counting date most counts are the census's own; the differences are those of the story."""
    facts = jh.load(FOLDER.parent / "facts")
    teachers = jh.load_register(FOLDER / "teachers.csv")
    assert set(teachers.rows["note"].to_pylist()) >= {"虚构数据，仅供演示"}
    assert all("虚构" in note for note in teachers.rows["note"].to_pylist())
    census = {row["school_code"]: row for row in facts.tables["schools"].to_pylist()} | {None: facts.items}
    found = jh.count_teachers(teachers.rows, as_of=dt.date(2025, 9, 1))
    visiting = {one.column for one in found if "visiting" in one.column}
    asked = [one for one in found if one.column not in visiting]
    other = {(one.school_code, one.column) for one in asked if one.people != (census[one.school_code][one.column] or 0)}
    assert len(asked) > 150
    assert {code for code, _ in other} == {"1506990006", "1506990019"}
    assert ("1506990006", "primary_backbone_teachers") in other
    assert not [one for one in asked if one.unsure]


def test_the_example_is_what_its_script_makes(tmp_path: Path) -> None:
    """The same bytes every time."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_registers", FOLDER.parent / "make_registers.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    made.write(tmp_path / "registers")
    for name in ("teachers", "staffing"):
        assert (tmp_path / "registers" / f"{name}.csv").read_bytes() == (FOLDER / f"{name}.csv").read_bytes()
