"""Clearly invented forms of statistics, in each shape, as .xlsx and .xls, with the mappings that know them.

No layout here is that of a real form: numbers, titles, headings and schools are made up (示例、编造).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from junheng.facts.grids import spot_of
from junheng.facts.mapped.load import mapping_from
from junheng.facts.mapped.model import Mapping as Form
from junheng.facts.mapped.reading import MappedBook, read_mapped

Cells = dict[str, Any]
ROWS: dict[str, Any] = {
    "form": "示例基1",
    "name": "编造的学校情况",
    "years": [2025],
    "shape": "rows",
    "head": {"rows": "3-4"},
    "begins": "6",
    "anchors": [{"at": "A1", "text": "编造的学校情况（2025 年）"}, {"at": "A2", "text": "表号：示例基1"}],
    "fields": [
        {"column": "school_code", "terms": [{"at": "A", "heading": ["学校标识码"]}]},
        {"column": "school_name", "terms": [{"at": "B", "heading": ["学校名称"]}]},
        {"column": "primary_pupils", "unit": "人", "terms": [{"at": "C", "heading": ["在校生", "小学"]}]},
        {"column": "junior_pupils", "unit": "人", "terms": [{"at": "D", "heading": ["在校生", "初中"]}]},
        {"column": "equipment_value", "unit": "千元", "terms": [{"at": "E", "heading": ["仪器设备值"]}]},
        {"column": "sports_ground_area", "unit": "亩", "terms": [{"at": "F", "heading": ["运动场地"]}]},
    ],
}
CODES = ("1506990001", "1506990002", "1506990003")
NAMES = ("示例一小", "示例二小", "示例三中")
HEADINGS: Cells = {
    **{"A1": "编造的学校情况（2025 年）", "A2": "表号：示例基1"},
    **{"A3": "学校标识码", "B3": "学校名称", "C3": "在校生", "E3": "仪器设备值", "F3": "运动场地"},
    **{"C4": "小学", "D4": "初中"},
    **{"A5": "甲", "B5": "乙", "C5": 1, "D5": 2, "E5": 3, "F5": 4},
}
MERGED = ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4")
SCHOOLS: Cells = {
    **{"A6": CODES[0], "B6": NAMES[0], "C6": 600, "E6": 12.5, "F6": 3},
    **{"A7": CODES[1], "B7": NAMES[1], "C7": 400, "D7": 0, "E7": 7.5, "F7": 1.5},
    **{"A8": CODES[2], "B8": NAMES[2], "C8": "-", "D8": 300, "E8": 20, "F8": 6},
}
TOTAL: Cells = {"A9": "合  计", "C9": 1000, "D9": 300, "E9": 40, "F9": 10.5}

COLUMNS: dict[str, Any] = {
    "form": "示例基2",
    "name": "编造的校舍情况",
    "shape": "columns",
    "head": {"columns": "A-B"},
    "begins": "C",
    "anchors": [{"at": "A2", "text": "表号：示例基2"}],
    "fields": [
        {"column": "school_name", "terms": [{"at": "3", "heading": ["指标名称"]}]},
        {"column": "teaching_area", "unit": "平方米", "terms": [{"at": "4", "heading": ["教学及辅助用房", "计"]}]},
        {
            "column": "primary_pe_arts_teachers",
            "unit": "人",
            "terms": [
                {"at": str(6 + at), "heading": ["任课教师", name]} for at, name in enumerate(("体育", "音乐", "美术"))
            ],
        },
    ],
}
TURNED: Cells = {
    **{"A1": "编造的校舍情况", "A2": "表号：示例基2", "A3": "指标名称", "C3": NAMES[0], "D3": NAMES[1], "E3": "合计"},
    **{"A4": "教学及辅助用房", "B4": "计", "C4": 2100.5, "D4": 1800, "E4": 3900.5},
    **{"B5": "其中：新建", "C5": 0, "D5": 0, "E5": 0},
    **{"A6": "任课教师", "B6": "体育", "C6": 3, "D6": 2, "E6": 5},
    **{"B7": "音乐", "C7": 2, "D7": 1, "E7": 3},
    **{"B8": "美术", "C8": 1, "D8": "—", "E8": 1},
}
TURNED_MERGED = ("A3:B3", "A4:A5", "A6:A8")

SINGLE: dict[str, Any] = {
    "form": "示例基3",
    "name": "编造的一校一表",
    "shape": "single",
    "head": {"rows": "5-5", "columns": "A-A"},
    "anchors": [{"at": "A1", "text": "编造的一校一表"}, {"at": "A3", "text": "学校标识码"}],
    "fields": [
        {"column": "school_code", "terms": [{"at": "B3"}]},
        {"column": "primary_classes", "unit": "个", "terms": [{"at": "B6", "heading": ["小学", "班数"]}]},
        {"column": "junior_classes", "unit": "个", "terms": [{"at": "B7", "heading": ["初中", "班数"]}]},
    ],
}


def single(code: str, primary: Any, junior: Any) -> Cells:
    """Return the sheet of one school."""
    head = {"A1": "编造的一校一表", "A2": "表号：示例基3", "A3": "学校标识码", "B3": code, "B5": "班数"}
    return {**head, "A6": "小学", "B6": primary, "A7": "初中", "B7": junior}


@dataclass
class Written:
    """One sheet to be written: its cells by address, what is merged, which rows are hidden."""

    cells: Cells
    merged: Sequence[str] = ()
    hidden: Sequence[int] = ()
    formulas: Mapping[str, tuple[str, Any]] = field(default_factory=dict)


ROW_SHEET = Written({**HEADINGS, **SCHOOLS, **TOTAL}, MERGED)
# The same with the names that the fictional example county has for these schools.
OWN = Written({**ROW_SHEET.cells, "B6": "示例旗第一小学", "B7": "示例旗第二小学", "B8": "示例旗第三小学"}, MERGED)


def changed(values: dict[str, Any], **keys: Any) -> Form:
    """Return a mapping with some keys changed."""
    return mapping_from({**copy.deepcopy(values), **keys}, "示例对照")


def sheet(base: Written = ROW_SHEET, without: Sequence[str] = (), **cells: Any) -> Written:
    """Return a sheet with some cells changed or taken away."""
    kept = {address: value for address, value in {**base.cells, **cells}.items() if address not in without}
    return Written(kept, base.merged, base.hidden, base.formulas)


def write(file: Path, **sheets: Written) -> Path:
    """Write sheets as the file's ending says."""
    (_write_old if file.suffix == ".xls" else _write_new)(file, sheets)
    return file


def _corners(merged: str) -> tuple[int, int, int, int]:
    (top, left), (bottom, right) = (spot_of(one) for one in merged.split(":"))
    return top - 1, left - 1, bottom - 1, right - 1


def _write_new(file: Path, sheets: Mapping[str, Written]) -> None:
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False}) as book:
        for name, written in sheets.items():
            own = book.add_worksheet(name)
            for merged in written.merged:
                own.merge_range(*_corners(merged), "")
            for address, value in written.cells.items():
                row, column = spot_of(address)
                (own.write_string if isinstance(value, str) else own.write)(row - 1, column - 1, value)
            for address, (formula, value) in written.formulas.items():
                row, column = spot_of(address)
                own.write_formula(row - 1, column - 1, formula, None, value)
            for row in written.hidden:
                own.set_row(row - 1, None, None, {"hidden": True})


def _write_old(file: Path, sheets: Mapping[str, Written]) -> None:
    book = xlwt.Workbook()
    for name, written in sheets.items():
        own = book.add_sheet(name, cell_overwrite_ok=True)
        for merged in written.merged:
            top, left, bottom, right = _corners(merged)
            own.merge(top, bottom, left, right)
        for address, value in written.cells.items():
            row, column = spot_of(address)
            own.write(row - 1, column - 1, value)
        for row in written.hidden:
            own.row(row - 1).hidden = True
    book.save(str(file))


def read(file: Path, *mappings: Form, year: int | None = 2025) -> MappedBook:
    """Read a workbook by mappings."""
    return read_mapped(file, mappings, year)


def held(book: MappedBook, part: int = 0) -> dict[str, dict[str, Any]]:
    """Return what was read of each school, without what was not reported."""
    rows = book.parts[part].facts.tables["schools"].to_pylist()
    names = ("county_code", "school_code")
    return {
        row["school_code"]: {name: value for name, value in row.items() if value is not None and name not in names}
        for row in rows
    }
