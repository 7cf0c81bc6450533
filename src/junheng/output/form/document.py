"""Writes the application form as a Word document: the cover, then each table on pages of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.output.form.model import Cell, Form, Table
from junheng.output.form.printed import LEFT, TO_BE_FILLED, heads, joins, size_of, told_below

if TYPE_CHECKING:
    from docx.document import Document as Paper

LEADING, COVER_GAP = 3.5, 5


def write_form_docx(form: Form, file: Path) -> None:
    """Write the form as a Word document."""
    from junheng.output.document.paper import blank, turn

    paper = blank(form.invented)
    about = paper.core_properties
    about.title, about.author, about.language = f"{form.county_name}{form.title}", "junheng", "zh-CN"
    about.created = about.modified = dt.datetime(form.as_of.year, form.as_of.month, form.as_of.day, tzinfo=dt.UTC)
    _cover(paper, form)
    across = False
    for table in form.tables.values():
        turn(paper, across=table.landscape)
        across = table.landscape
        _table(paper, table, across=across)
    _outside(paper, form, across=across)
    paper.save(str(file))


def _cover(paper: Paper, form: Form) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    for _ in range(COVER_GAP):
        paper.add_paragraph()
    name = form.title.partition("（")[0]
    paper.add_paragraph(name.removesuffix("申报表"), style="Title")
    paper.add_paragraph("申报表", style="Title")
    for _ in range(COVER_GAP):
        paper.add_paragraph()
    drawn = paper.add_table(rows=0, cols=2)
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    county = Cell(form.county_name or form.county_code, form.county_name, label="县（市、区、旗）")
    for one in (*form.cover[:2], county, *form.cover[2:]):
        cells = drawn.add_row().cells
        for cell, text, width in zip(cells, (f"{one.label}：", one.text), (66, 80), strict=True):
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(15)
        _shade(cells[1], one)
    if form.invented:
        paper.add_paragraph()
        paper.add_paragraph(f"（{form.invented}）").alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(paper: Paper, table: Table, *, across: bool) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    from junheng.output.document.paper import ACROSS_MM, WIDTH_MM, draw_lines, keep_whole, repeat

    _titled(paper, table.title)
    wide = ACROSS_MM if across else WIDTH_MM
    drawn = paper.add_table(rows=0, cols=len(table.columns))
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    draw_lines(drawn)
    shares = [column.share for column in table.columns]
    widths = [Mm(wide * share / sum(shares)) for share in shares]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for texts in heads(table):
        row = drawn.add_row()
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            _write(cell, Cell(text, state="empty"), width, size=size_of(table), bold=True)
        repeat(row)
        keep_whole(row)
    for one in table.rows:
        cells = drawn.add_row().cells
        for column, cell, made, width in zip(table.columns, cells, one.cells, widths, strict=True):
            _write(cell, made, width, size=size_of(table), left=column.key in LEFT and len(made.text) > 1)
        keep_whole(drawn.rows[-1])
    for upper, first, lower, last in joins(table, table.rows):
        _join(drawn.cell(upper, first), drawn.cell(lower, last))
    _hold(drawn.rows[-1])
    _notes(paper, table)


def _write(target: Any, cell: Cell, width: Any, *, size: float, bold: bool = False, left: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    target.width = width
    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = target.paragraphs[0]
    run = paragraph.add_run(cell.text)
    run.font.size, run.bold = Pt(size), bold
    _latin(run)
    paragraph.paragraph_format.line_spacing = Pt(size + LEADING)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    _shade(target, cell)


def _latin(run: Any) -> None:
    """Say that digits are not Chinese: a number is then not divided at the end of a line."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    run._r.get_or_add_rPr().append(language)


def _shade(target: Any, cell: Cell) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    colour = TO_BE_FILLED.get(cell.state)
    if colour:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
            shade.set(qn(f"w:{name}"), value)
        target._tc.get_or_add_tcPr().append(shade)


def _hold(row: Any) -> None:
    """Keep a table's last row with the notes below it: they do not stand on a page alone."""
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _join(first: Any, last: Any) -> None:
    text = first.text
    merged = first.merge(last)
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    merged.paragraphs[0].runs[0].text = text


def _titled(paper: Paper, title: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from junheng.output.document.paper import heading

    heading(paper, title, 1)
    paper.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _notes(paper: Paper, table: Table) -> None:
    from junheng.output.document.paper import say

    for text in told_below(table):
        say(paper, text, small=True)


def _outside(paper: Paper, form: Form, *, across: bool) -> None:
    """List the schools that table II-2 leaves out, with reasons: whoever counts will ask."""
    from junheng.facts.schema import STAGE_LABELS
    from junheng.output.document.paper import heading, table, turn

    if not form.outside:
        return
    if across:
        turn(paper, across=False)
    heading(paper, "附：没有列入表Ⅱ-2 的学校", 1)
    rows = [(one.school_name, STAGE_LABELS[one.stage], one.why) for one in form.outside]
    table(paper, ("学校", "学段", "理由"), (5, 2, 8), rows)
