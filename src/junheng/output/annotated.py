"""The workbook handed back: each finding as a coloured cell with a comment, and a sheet that lists them all."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from junheng.facts.model import Facts
from junheng.facts.schema import TABLES
from junheng.facts.sheets import FINDINGS_SHEET
from junheng.facts.template import Mark, cell_of, write_workbook
from junheng.output.findings import place
from junheng.quality.model import SEVERITY_LABELS, Finding, Findings

COLOURS = {"error": "#FFC7CE", "warning": "#FFEB9C", "hint": "#DDEBF7"}
HEADINGS = {
    "编号": 8,
    "级别": 8,
    "学校标识码": 16,
    "位置": 28,
    "单元格": 24,
    "填的数": 14,
    "应为": 36,
    "问题": 70,
    "怎么办": 60,
}


def write_annotated(found: Findings, facts: Facts, file: Path) -> None:
    """Write `facts` as a workbook with `found` marked in it; reading it back gives the same facts."""
    write_workbook(facts, file, _marks(found), lambda book: _list(book, found))


def _marks(found: Findings) -> list[Mark]:
    """Return one mark a cell, in the colour of its gravest finding; findings come gravest first."""
    cells: dict[tuple[str, int, str], list[Finding]] = defaultdict(list)
    for one in found.findings:
        if one.row is not None and one.column is not None:
            cells[one.table, one.row, one.column].append(one)
    return [
        Mark(*cell, COLOURS[ones[0].severity], "\n".join(_comment(one) for one in ones)) for cell, ones in cells.items()
    ]


def _comment(one: Finding) -> str:
    return f"{one.check.id} {SEVERITY_LABELS[one.severity]}：{one.message}。{one.remedy}。"


def _list(book: Any, found: Findings) -> None:
    sheet = book.add_worksheet(FINDINGS_SHEET)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    styles = {name: book.add_format({"bg_color": colour}) for name, colour in COLOURS.items()}
    link = book.add_format({"font_color": "#0563C1", "underline": 1})
    for at, (heading, width) in enumerate(HEADINGS.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, head)
    for row, one in enumerate(found.findings, 1):
        for at, text in enumerate(_cells(one)):
            sheet.write_string(row, at, text, styles[one.severity] if at == 1 else None)
        _link(sheet, row, one, link)
    sheet.autofilter(0, 0, max(len(found.findings), 1), len(HEADINGS) - 1)


def _cells(one: Finding) -> list[str]:
    severity = SEVERITY_LABELS[one.severity]
    texts = [one.check.id, severity, one.school_code, place(one), one.column, one.value, one.expected, one.message]
    return [text or "" for text in [*texts, one.remedy]]


def _link(sheet: Any, row: int, one: Finding, style: Any) -> None:
    """Let the cell that names the column lead to the cell that the finding is about."""
    if one.row is None or one.column is None:
        return
    from xlsxwriter.utility import xl_rowcol_to_cell

    table = TABLES[one.table]
    cell = xl_rowcol_to_cell(*cell_of(table, one.row, one.column))
    label = table.column(one.column).label
    sheet.write_url(row, list(HEADINGS).index("单元格"), f"internal:'{table.label}'!{cell}", style, label)
