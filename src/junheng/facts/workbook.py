"""Workbooks as offices send them (.xlsx, .xls): each known sheet as a table of text; faulty cells are problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from junheng.facts.faults import faults
from junheng.facts.grids import Grid, Span, number_of
from junheng.facts.package import REMEDY, check_package
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import TABLES, Table
from junheng.facts.sheets import EXPLANATION_SHEET, FINDINGS_SHEET, Sheet, float_text, from_lines

SUFFIXES = (".xlsx", ".xlsm", ".xls")
# A spreadsheet keeps 15 digits of a number: a longer code typed as a number has lost its tail.
DIGITS_KEPT = 15
# What the reader's library raises where it meets what it did not expect; it is no Exception.
PANIC = "PanicException"


def read_workbook(file: Path, wanted: Mapping[str, Table] = TABLES) -> tuple[dict[str, Sheet], list[str]]:
    """Return the workbook's `wanted` tables by name, and the names of sheets that are no tables at all.

    Raises `Unusable` for a workbook that cannot be opened (truncated, locked with a password, another kind of file).
    """
    check_package(file)
    with _refusing(file.name):
        book, faulty = _opened(file), faults(file)
    sheets: dict[str, Sheet] = {}
    problems = list(faulty.get(file.name, []))
    others: list[str] = []
    for name in book.sheet_names:
        table = _table_of(name, {**TABLES, **PLAN_TABLES, **wanted})
        if table is None:
            others += [name] if name.strip() not in (EXPLANATION_SHEET, FINDINGS_SHEET) else []
        if table is None or table.name not in wanted:
            continue
        problems += faulty.get(name, [])
        if table.name in sheets:
            problems.append(Problem(name, f"与工作表「{sheets[table.name].file}」是同一张表", "请只留一张"))
            continue
        try:
            sheets[table.name] = from_lines(name, _lines(book, name), table)
        except Unusable as error:
            problems += error.problems
    if problems:
        raise Unusable(problems)
    return sheets, others


def read_grids(file: Path) -> list[Grid]:
    """Return every sheet of a workbook as its cells stand, without a guess at what they mean.

    Raises `Unusable` for a workbook that cannot be opened; a faulty cell is told of where somebody reads it.
    """
    check_package(file)
    with _refusing(file.name):
        book, faulty = _opened(file), faults(file)
    return [_grid(book, name, [*faulty.get(name, []), *faulty.get(file.name, [])]) for name in book.sheet_names]


def _grid(book: Any, name: str, faulty: list[Problem]) -> Grid:
    with _refusing(name):
        spans = book.get_sheet_by_name(name).merged_cell_ranges or []
    merged = tuple(Span(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in spans)
    wrong = {(one.row or 0, number_of((one.column or "").removesuffix(" 列"))): one for one in faulty}
    return Grid(name, tuple(map(tuple, _lines(book, name))), merged, wrong)


def _table_of(sheet: str, tables: Mapping[str, Table]) -> Table | None:
    bare = sheet.strip()
    return next((table for table in tables.values() if bare in (table.name, table.label)), None)


def _opened(file: Path) -> Any:
    """Return the workbook, whichever of the two kinds it is: offices rename .xls to .xlsx and the other way round."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        with file.open("rb") as opened:
            return CalamineWorkbook.from_filelike(opened)
    except PasswordError as error:
        raise unusable(file.name, "工作簿设有打开密码", "请在 WPS 或 Excel 里取消密码后另存") from error


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn whatever a broken workbook makes its readers do, a panic of the library among it, into a refusal."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, ElementTree.ParseError, OSError, KeyError) as error:
        raise unusable(name, f"不是能读的工作簿：内容已损坏（{error}）", REMEDY) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise unusable(name, "不是能读的工作簿：内容不合格式", REMEDY) from error


def _lines(book: Any, sheet: str) -> list[list[str]]:
    with _refusing(sheet):
        return [[_text(cell) for cell in line] for line in book.get_sheet_by_name(sheet).iter_rows()]


def _text(cell: object) -> str:
    """Return a cell as a person reads it: whole numbers without a point, and one that has lost digits with its E+."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return repr(cell).replace("e+", "E+") if abs(cell) >= 10**DIGITS_KEPT else float_text(cell) or ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)
