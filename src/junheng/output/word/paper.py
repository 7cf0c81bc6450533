"""Paper as offices know it: A4 with the margins of GB/T 9704, its fonts by name, pages numbered, the language Chinese.

The fonts are named and not enclosed: office machines have them, and Word puts another in the place of a missing one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

BODY, TITLE, HEADING = "仿宋_GB2312", "方正小标宋简体", "黑体"
LATIN = "Times New Roman"
WIDTH_MM, HEIGHT_MM = 210, 297
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TITLE_PT, HEADING_PT, BODY_PT, TABLE_PT = 22, 16, 14, 9
LINE_PT = 24
INDENT = 2
RED = "C00000"
LANGUAGE = "zh-CN"


class Paper:
    """A Word document that is written from top to bottom."""

    def __init__(self, title: str, day: dt.date, notice: str) -> None:
        import docx

        self.document = docx.Document()
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, "", LANGUAGE
        properties.created = properties.modified = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day)
        self._page()
        self._language()
        self._footer(notice)

    def title(self, text: str) -> None:
        """Write the title, in the middle."""
        self._line(text, TITLE, TITLE_PT, centred=True)

    def heading(self, text: str, *, new_page: bool = False) -> None:
        """Write a heading, at the top of a new page if asked."""
        paragraph = self._line(text, HEADING, HEADING_PT, style="Heading 1")
        paragraph.paragraph_format.page_break_before = new_page
        paragraph.paragraph_format.keep_with_next = True

    def subheading(self, text: str) -> None:
        """Write a heading below another."""
        paragraph = self._line(text, HEADING, BODY_PT, style="Heading 2")
        paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str, *, warning: bool = False) -> None:
        """Write a paragraph, its first line two characters in."""
        from docx.shared import Pt

        paragraph = self._line(text, BODY, BODY_PT, warning=warning)
        paragraph.paragraph_format.first_line_indent = Pt(INDENT * BODY_PT)

    def note(self, text: str) -> None:
        """Write a short line in the middle."""
        self._line(text, BODY, BODY_PT, centred=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], widths_mm: Sequence[float]) -> None:
        """Write a table with lines; its head is repeated on every page, and no row is broken over two."""
        from docx.shared import Mm

        table = self.document.add_table(rows=0, cols=len(headings), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        for at, texts in enumerate([headings, *rows]):
            row = table.add_row()
            _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
            if at == 0:
                _mark(row._tr.get_or_add_trPr(), "w:tblHeader")
            for cell, text, width in zip(row.cells, texts, widths_mm, strict=True):
                cell.width = Mm(width)
                self._cell(cell, text, HEADING if at == 0 else BODY)

    def save(self, file: Path) -> None:
        """Write the document to `file`."""
        self.document.save(str(file))

    def _line(
        self, text: str, font: str, size: float, *, centred: bool = False, warning: bool = False, style: str = "Normal"
    ) -> Any:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = self.document.add_paragraph(style=style)
        paragraph.paragraph_format.line_spacing = Pt(max(LINE_PT, size * 1.3))
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _dress(paragraph.add_run(text), font, size, RED if warning else "000000")
        return paragraph

    def _cell(self, cell: Any, text: str, font: str) -> None:
        paragraph = cell.paragraphs[0]
        _dress(paragraph.add_run(text), font, TABLE_PT, "000000")

    def _page(self) -> None:
        from docx.shared import Mm

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(WIDTH_MM), Mm(HEIGHT_MM)
        section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
        section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)

    def _language(self) -> None:
        from docx.oxml.ns import qn

        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)
            language.set(qn("w:eastAsia"), LANGUAGE)

    def _footer(self, notice: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _dress(paragraph.add_run(f"{notice}  — " if notice else "— "), BODY, TABLE_PT, "000000")
        run = paragraph.add_run()
        _dress(run, BODY, TABLE_PT, "000000")
        _field(run, "PAGE")
        _dress(paragraph.add_run(" —"), BODY, TABLE_PT, "000000")


def _dress(run: Any, font: str, size: float, colour: str) -> None:
    """Give a run its fonts (Chinese ones apart, as Word wants them), size, colour and language."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), False
    run.font.color.rgb = RGBColor.from_string(colour)
    properties = run._element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    _mark(properties, "w:lang", val=LANGUAGE, eastAsia=LANGUAGE)


def _mark(parent: Any, name: str, **attributes: str) -> None:
    """Put an empty element with `attributes` into `parent`."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)


def _field(run: Any, name: str) -> None:
    """Let Word work out `name` (the page's number) in the run."""
    from docx.oxml import OxmlElement

    _mark(run._element, "w:fldChar", fldCharType="begin")
    instruction = OxmlElement("w:instrText")
    instruction.text = name
    run._element.append(instruction)
    _mark(run._element, "w:fldChar", fldCharType="end")
