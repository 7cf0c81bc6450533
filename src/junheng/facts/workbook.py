"""Workbooks as offices send them (.xlsx, .xls): each known sheet as a table of text; error cells are found."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import TABLES, Table
from junheng.facts.sheets import EXPLANATION_SHEET, FINDINGS_SHEET, Sheet, float_text, from_lines

SUFFIXES = (".xlsx", ".xlsm", ".xls")
# A spreadsheet keeps 15 digits of a number: a longer code typed as a number has lost its tail.
DIGITS_KEPT = 15
NAMESPACES = {
    "main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "rel": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
ERROR_CELL = re.compile(r'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>(?:.*?<v>([^<]*)</v>)?', re.DOTALL)


def read_workbook(file: Path) -> tuple[dict[str, Sheet], list[str]]:
    """Return the workbook's tables by name, and the names of sheets that are not tables.

    Raises `Unusable` for a workbook that cannot be opened (truncated, locked with a password, another kind of file).
    """
    book = _opened(file)
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    others: list[str] = []
    errors = _error_cells(file)
    for name in book.sheet_names:
        table = _table_of(name)
        if table is None:
            others += [name] if name.strip() not in (EXPLANATION_SHEET, FINDINGS_SHEET) else []
            continue
        problems += [_error_problem(name, at, value) for at, value in errors.get(name, [])]
        if table.name in sheets:
            problems.append(Problem(name, f"与工作表「{sheets[table.name].file}」是同一张表", "请只留一张"))
            continue
        try:
            lines = [
                [_text(cell) for cell in line] for line in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            sheets[table.name] = from_lines(name, lines, table)
        except Unusable as error:
            problems += error.problems
    if problems:
        raise Unusable(problems)
    return sheets, others


def _table_of(sheet: str) -> Table | None:
    bare = sheet.strip()
    return next((table for table in TABLES.values() if bare in (table.name, table.label)), None)


def _opened(file: Path) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(str(file))
    except PasswordError as error:
        raise unusable(file.name, "工作簿设有打开密码", "请在 WPS 或 Excel 里取消密码后另存") from error
    except (CalamineError, OSError) as error:
        raise unusable(file.name, f"不是能读的工作簿（{error}）", "请在 WPS 或 Excel 里打开，另存为 .xlsx") from error


def _text(cell: object) -> str:
    """Return a cell as a person reads it: whole numbers without a point, and one that has lost digits with its E+."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return repr(cell).replace("e+", "E+") if abs(cell) >= 10**DIGITS_KEPT else float_text(cell) or ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def _error_problem(sheet: str, at: tuple[str, int], value: str) -> Problem:
    column, row = at
    return Problem(sheet, "单元格里是公式错误", "请改正公式，或直接填数值，没有数据就留空", row, f"{column} 列", value)


def _error_cells(file: Path) -> Mapping[str, list[tuple[tuple[str, int], str]]]:
    """Return the cells that hold a formula's error, by sheet: readers of values take them for blanks.

    Only .xlsx tells; the older .xls does not, and its error cells are read as not reported.
    """
    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as archive:
        return {
            name: [
                ((match[1], int(match[2])), match[3] or "")
                for match in ERROR_CELL.finditer(archive.read(part).decode("utf-8", "replace"))
            ]
            for name, part in _sheet_parts(archive)
        }


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the file inside the workbook that holds it."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (no entities are resolved)
    targets = {one.attrib["Id"]: one.attrib["Target"] for one in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iterfind("main:sheets/main:sheet", NAMESPACES):
        target = targets.get(sheet.attrib.get(f"{{{NAMESPACES['rel']}}}id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield sheet.attrib["name"], part
