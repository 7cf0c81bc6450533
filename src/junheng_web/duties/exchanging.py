"""The table of tasks as a workbook, out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction

from junheng.api import Problem
from junheng.facts.workbook import read_grids
from junheng_web.duties.book import Book, book_of
from junheng_web.duties.matrix import Set, indicator_set, table_of, word_of
from junheng_web.duties.reading import HEADINGS, SHEET, YES, Line, Names, lines_read
from junheng_web.duties.services import held
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope

OVERVIEW = "对照表（只看）"
WIDTHS = (8, 60, 24, 8, 20)


@dataclass(frozen=True, slots=True)
class Difference:
    """An indicator that a file would change: what is set, what would be, each in words."""

    indicator: str
    called: str
    before: str
    after: str
    asked: Set
    seen: str


@dataclass(slots=True)
class Plan:
    """What a file comes to: the indicators that it would change, how many stay, what cannot be taken in."""

    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        told = [(one.indicator, one.asked.digest, one.seen) for one in self.differences]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def workbook(county: Area) -> bytes:
    """Return the table as a workbook: a sheet that can be brought in again, and one to look at, with live counts."""
    out, book, table = BytesIO(), book_of(county), table_of(county)
    units = list(Unit.objects.of(county))
    file = xlsxwriter.Workbook(out, {"in_memory": True})
    head = file.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    text = file.add_format({"text_wrap": True, "valign": "top"})
    _lines(file.add_worksheet(SHEET), book, table, {one.code: one.name for one in units}, (head, text))
    _overview(file.add_worksheet(OVERVIEW), book, table, [one for one in units if one.parent_id is None], (head, text))
    file.close()
    return out.getvalue()


def _lines(
    sheet: Any, book: Book, table: Mapping[str, Set], names: Mapping[str, str], formats: tuple[Any, Any]
) -> None:
    head, text = formats
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    at = 1
    for row in book.rows:
        own = table.get(row.indicator, Set())
        desks = dict(own.desks)
        for unit in own.units or ("",):
            lead = YES if unit and unit == own.lead else ""
            cells = (row.indicator, row.text, names.get(unit, ""), lead, names.get(desks.get(unit, ""), ""))
            for column, cell in enumerate(cells):
                sheet.write_string(at, column, cell, text)
            at += 1
    sheet.freeze_panes(1, 0)
    sheet.data_validation(1, 3, max(at, 2), 3, {"validate": "list", "source": [YES]})


def _overview(
    sheet: Any, book: Book, table: Mapping[str, Set], units: Sequence[Unit], formats: tuple[Any, Any]
) -> None:
    """Write the table as it is looked at; how many rows each unit has is counted by the sheet itself (P7)."""
    head, text = formats
    used = {code for own in table.values() for code in own.units}
    columns = [one for one in units if one.code in used]
    for column, heading in enumerate(["二级指标", *(one.name for one in columns)]):
        sheet.write_string(0, column, heading, head)
    sheet.set_column(0, 0, 60)
    for at, row in enumerate(book.rows, 1):
        sheet.write_string(at, 0, row.text, text)
        for column, unit in enumerate(columns, 1):
            sheet.write_string(at, column, word_of(table.get(row.indicator, Set()), unit.code))
    last = len(book.rows) + 1
    sheet.write_string(last, 0, "合计（行）", head)
    for column in range(1, len(columns) + 1):
        letter = xlsxwriter.utility.xl_col_to_name(column)
        many = sum(columns[column - 1].code in table.get(row.indicator, Set()).units for row in book.rows)
        sheet.write_formula(last, column, f'=COUNTIF({letter}2:{letter}{last},"?*")', head, many)
    sheet.freeze_panes(1, 1)


def plan(county: Area, file: Path) -> Plan:
    """Return what a file would change in a county's table. Raises Unusable for a workbook that cannot be opened."""
    made, book = Plan(), book_of(county)
    grid = next((one for one in read_grids(file) if one.name == SHEET), None)
    if grid is None:
        made.problems.append(Problem(file.name, f"没有“{SHEET}”这张工作表", "请用导出的工作簿，工作表名不要改"))
        return made
    found = lines_read(grid, Names(county), book, made.problems)
    if not made.problems:
        _compare(county, book, found, made)
    return made


def _compare(county: Area, book: Book, found: Mapping[str, list[Line]], made: Plan) -> None:
    table, names = table_of(county), dict(Unit.objects.of(county).values_list("code", "name"))
    for row in book.rows:
        if row.indicator not in found:
            continue
        asked, current = _asked(found[row.indicator]), table.get(row.indicator, Set())
        if asked.digest == current.digest:
            made.same += 1
            continue
        told = (in_words(current, names), in_words(asked, names))
        made.differences.append(Difference(row.indicator, row.called, *told, asked, current.digest))


def _asked(lines: Sequence[Line]) -> Set:
    lead = next((one.unit for one in lines if one.leads), "")
    desks = tuple(sorted((one.unit, one.desk) for one in lines if one.desk))
    return Set(tuple(one.unit for one in lines), lead, desks)


def in_words(own: Set, names: Mapping[str, str]) -> str:
    """Return what is set for an indicator, in words."""
    desks = dict(own.desks)
    return "、".join(_unit_told(code, own, names, desks) for code in own.units) or "没有责任部门"


def _unit_told(code: str, own: Set, names: Mapping[str, str], desks: Mapping[str, str]) -> str:
    more: Iterator[str] = filter(None, ("牵头" if code == own.lead else "", names.get(desks.get(code, ""), "")))
    told = "，".join(more)
    return f"{names[code]}（{told}）" if told else names[code]


@transaction.atomic
def plan_apply(*, by: Scope, county: Area, made: Plan) -> int:
    """Make every change of a plan, or none, and return how many. Raises Stale where the table changed meanwhile."""
    held(county)
    return sum(
        indicator_set(by=by, county=county, indicator=one.indicator, asked=one.asked, seen=one.seen)
        for one in made.differences
    )
