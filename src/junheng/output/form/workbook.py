"""Writes the application form as a workbook: a sheet a table, unrounded values, live formulas where they follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from junheng.output.form.model import Cell, Form, Table
from junheng.output.form.schools import COMPOSITE, MEAN, PASSING, PUPILS, RATE, SPREAD, VERDICT
from junheng.output.workbook.pen import A4, Pen, Styles

# What is still to be filled in is seen at once.
COLOURS = {"open": "#FFF2CC", "missing": "#F8CBAD", "undetermined": "#EDEDED"}
LONGEST_IN_THE_MIDDLE = 6
HEAD_ROW = 1


class FormBook:
    """One workbook in the making. Sheets know where the cells of table II-2 stand, which the others add up."""

    def __init__(self, book: Any, form: Form) -> None:
        self.book = book
        self.form = form
        self.styles = Styles(book, 2, 3)
        self.pens: dict[str, Pen] = {}
        self.formats: dict[str, Any] = {}

    def write(self) -> None:
        """Write the cover, then every table."""
        self._cover()
        self.pens = {id: Pen(self.book, one.short, self.styles) for id, one in self.form.tables.items()}
        for table in self.form.tables.values():
            self._table(table, self.pens[table.id])

    def _cover(self) -> None:
        pen = Pen(self.book, "封面", self.styles)
        pen.text(0, 0, self.form.title, "title")
        county = Cell(self.form.county_name, self.form.county_name, label="县（市、区、旗）")
        for at, one in enumerate((*self.form.cover[:2], county, *self.form.cover[2:]), 2):
            pen.text(at, 0, one.label)
            self._put(pen, at, 1, one)
        pen.text(12, 0, self.form.invented, "warning")
        pen.widths(34, 44)
        pen.sheet.set_paper(A4)
        pen.sheet.fit_to_pages(1, 1)

    def _table(self, table: Table, pen: Pen) -> None:
        pen.text(0, 0, table.title, "title")
        for at, column in enumerate(table.columns):
            heading = f"{column.group}·{column.heading}" if column.group else column.heading
            pen.text(HEAD_ROW, at, f"{column.code} {heading}".strip(), "head")
        for down, row in enumerate(table.rows):
            for across, cell in enumerate(row.cells):
                formula = self._formula(table, row.key, table.columns[across].key)
                self._put(pen, HEAD_ROW + 1 + down, across, cell, formula)
        below = HEAD_ROW + 2 + len(table.rows)
        counts = "，".join(f"{one.label} {one.text} {one.unit}" for one in table.counts)
        for at, text in enumerate(text for text in (counts, *table.notes) if text):
            pen.text(below + at, 0, f"注：{text}", "note")
        pen.widths(*_widths(table))
        pen.finish(HEAD_ROW, self.form.invented)

    def _put(self, pen: Pen, row: int, column: int, cell: Cell, formula: str = "") -> None:
        """Write a number as a number, whatever it is shown as; anything else as it is printed."""
        if isinstance(cell.value, str | bool) or cell.value is None:
            pen.sheet.write_string(row, column, cell.text, self._words(cell))
            pen.wrapped[row][column] = cell.text
            return
        value, style = float(cell.value) / cell.scale, self._format(cell)
        if formula:
            pen.sheet.write_formula(row, column, f"={formula}", style, value)
        else:
            pen.sheet.write_number(row, column, value, style)

    def _words(self, cell: Cell) -> Any:
        """Return the format of words: short ones in the middle, coloured where something is lacking."""
        style = {"font_name": "宋体", "border": 1, "valign": "vcenter", "text_wrap": True}
        style["align"] = "center" if len(cell.text) <= LONGEST_IN_THE_MIDDLE else "left"
        if cell.state in COLOURS:
            style["bg_color"] = COLOURS[cell.state]
        return self._made(f"{style}", style)

    def _made(self, name: str, style: dict[str, Any]) -> Any:
        if name not in self.formats:
            self.formats[name] = self.book.add_format(style)
        return self.formats[name]

    def _format(self, cell: Cell) -> Any:
        decimals = cell.decimals or 0
        shape = "0" + (f".{'0' * decimals}" if decimals else "") + ("%" if cell.unit == "%" else "")
        style = {"font_name": "宋体", "border": 1, "valign": "vcenter", "align": "right", "num_format": shape}
        return self._made(shape, style)

    def _formula(self, table: Table, row: str, column: str) -> str:
        """Return how a cell of II-1 or III follows from II-2; nothing where the rows lack a number."""
        stage, _, kind = row.partition(".")
        ranges = self._ranges(stage, (column, PUPILS)) if table.id in {"II-1", "III"} else {}
        if kind == RATE and table.cell(row, column).value is not None:
            rows = len([one for one in self.form.tables["II-2"].rows if one.stage == stage])
            return f"{self._at(table, f'{stage}.{PASSING}', column)}/{rows}"
        if kind == PASSING and column == COMPOSITE and self._listed(stage):
            return f'COUNTIF({self._ranges(stage, (VERDICT,))[VERDICT]},"是")'
        if kind == MEAN and len(ranges) > 1:
            return f"SUMPRODUCT({ranges[PUPILS]},{ranges[column]})/SUM({ranges[PUPILS]})"
        if kind == SPREAD and len(ranges) > 1:
            mean = self._at(table, f"{stage}.{MEAN}", column)
            squares = f"SUMPRODUCT({ranges[PUPILS]},({ranges[column]}-{mean})^2)"
            return f"SQRT({squares}/SUM({ranges[PUPILS]}))/{mean}"
        if kind == SPREAD and column == COMPOSITE and table.cell(row, column).value is not None:
            first, last = 2, len(table.columns) - 2
            at = self._place(table, row)
            return f"AVERAGE({self.pens['III'].range((at, first), (at, last))})"
        return ""

    def _listed(self, stage: str) -> bool:
        return any(one.stage == stage for one in self.form.tables["II-2"].rows)

    def _place(self, table: Table, row: str) -> int:
        return HEAD_ROW + 1 + [one.key for one in table.rows].index(row)

    def _at(self, table: Table, row: str, column: str) -> str:
        across = [one.key for one in table.columns].index(column)
        return self.pens[table.id].here(self._place(table, row), across)

    def _ranges(self, stage: str, columns: tuple[str, ...]) -> Mapping[str, str]:
        """Return where a stage's rows of II-2 stand in some columns; not of a column that lacks a number."""
        table = self.form.tables["II-2"]
        keys = [one.key for one in table.columns]
        own = [at for at, row in enumerate(table.rows) if row.stage == stage]
        if not own:
            return {}
        found = {}
        for column in columns:
            cells = [table.rows[at].cells[keys.index(column)] for at in own] if column in keys else []
            if cells and (column == VERDICT or all(isinstance(one.value, int | Fraction) for one in cells)):
                across = keys.index(column)
                first, last = HEAD_ROW + 1 + own[0], HEAD_ROW + 1 + own[-1]
                found[column] = self.pens["II-2"].range((first, across), (last, across))
        return found


def _widths(table: Table) -> list[float]:
    scale = 150 if table.landscape else 100
    whole = sum(column.share for column in table.columns)
    return [max(7.0, scale * column.share / whole) for column in table.columns]


def write_form_xlsx(form: Form, file: Path) -> None:
    """Write the form as a workbook."""
    import xlsxwriter

    day = form.as_of
    with xlsxwriter.Workbook(str(file)) as book:
        made = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day, not an instant)
        book.set_properties({"title": form.title, "created": made})
        FormBook(book, form).write()
