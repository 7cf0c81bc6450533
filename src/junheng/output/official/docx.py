"""Writes an official paper as a Word document in the format of GB/T 9704-2012.

Twenty-two lines of twenty-eight characters: size 3 is 16 pt, and 156 mm hold 28 of them drawn a quarter point closer.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.facts.problems import Unusable
from junheng.output.official.model import Grid, Heading, OfficialPaper, Picture, day_told

if TYPE_CHECKING:
    from docx.document import Document as Word

RED = "E60012"
# Twentieths of a point between characters, so that 28 of them fill the line.
CLOSER = -5
BODY_STYLE = "公文正文"
MARK_SIZE, NUMBER_SIZE, COLOPHON_SIZE = 36, 16, 14
LINE_THICK, LINE_THIN = 8, 4
ABOVE_PICTURE = 8
# Word wants a paragraph's properties in this order.
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def write_paper_docx(paper: OfficialPaper, file: Path) -> None:
    """Write the paper as a Word document."""
    from junheng.output.document.paper import blank

    word = blank(paper.notice)
    _body_style(word)
    about = word.core_properties
    about.title, about.author, about.language = paper.title, paper.signed_by or "junheng", "zh-CN"
    if paper.day:
        about.created = about.modified = dt.datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=dt.UTC)
    _head(word, paper)
    _title(word, paper.title)
    if paper.to:
        _line(word, f"{paper.to}：", indent=0)
    for block in paper.blocks:
        _block(word, block)
    _end(word, paper)
    _colophon(word, paper)
    word.save(str(file))


def _body_style(word: Word) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    style = word.styles.add_style(BODY_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CLOSER))
    # Digits and Latin words are not Chinese: they are not divided at the end of a line.
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties = style.element.get_or_add_rPr()
    properties.append(spacing)
    properties.append(language)


def _head(word: Word, paper: OfficialPaper) -> None:
    """Write the red head: the issuing body, the number, who signs, and the line under them."""
    from docx.shared import Pt, RGBColor

    from junheng.output.document.paper import TITLE, fonts

    if not paper.mark:
        return
    mark = _line(word, paper.mark, indent=0, side="CENTER")
    mark.paragraph_format.line_spacing = 1.0
    mark.paragraph_format.space_before = Pt(35)
    run = mark.runs[0]
    fonts(run._r.get_or_add_rPr(), TITLE)
    run.font.size, run.font.color.rgb = Pt(MARK_SIZE), RGBColor.from_string(RED)
    _line(word, "", indent=0)
    signer = f"　　　　签发人：{paper.signer}" if paper.signer else ""
    number = _line(word, f"{paper.number}{signer}", indent=0, side="CENTER")
    _rule(number, "bottom", RED, 16)


def _title(word: Word, title: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _line(word, "", indent=0)
    for text in title.splitlines() or [title]:
        paragraph = word.add_paragraph(text, style="Title")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(word, "", indent=0)


def _line(word: Word, text: str, *, indent: int = 2, side: str = "") -> Any:
    """Write a paragraph, its first line set in by so many characters."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from junheng.output.document.paper import TEXT_SIZE

    paragraph = word.add_paragraph(style=BODY_STYLE)
    paragraph.add_run(text)
    paragraph.paragraph_format.first_line_indent = TEXT_SIZE * indent
    if side:
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, side)
    return paragraph


def _block(word: Word, block: Any) -> None:
    from junheng.output.document.paper import FIRST, SECOND, TEXT_SIZE, fonts

    if isinstance(block, Grid):
        _grid(word, block)
    elif isinstance(block, Picture):
        _picture(word, block)
    elif isinstance(block, Heading):
        paragraph = word.add_paragraph(style=f"Heading {min(block.level, 2)}")
        run = paragraph.add_run(block.text)
        fonts(run._r.get_or_add_rPr(), FIRST if block.level == 1 else SECOND)
        paragraph.paragraph_format.first_line_indent = TEXT_SIZE * 2
        paragraph.paragraph_format.keep_with_next = True
    else:
        _line(word, block.text, side="JUSTIFY")


def _grid(word: Word, grid: Grid) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from junheng.output.document.paper import SMALL_SIZE, table

    title = _line(word, grid.title, indent=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].font.size = SMALL_SIZE
    title.paragraph_format.keep_with_next = True
    table(word, grid.headings, grid.shares, grid.rows)


def put_grid_docx(word: Any, paragraph: Any, grid: Grid, wide_mm: float) -> None:
    """Put a table below a paragraph of any Word document, which becomes its title; an empty paragraph ends it."""
    from docx.oxml import OxmlElement

    from junheng.output.document.paper import table

    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = grid.title
    paragraph.paragraph_format.keep_with_next = True
    drawn = table(word, grid.headings, grid.shares, grid.rows, wide_mm)._tbl
    paragraph._p.addnext(drawn)
    drawn.addnext(OxmlElement("w:p"))


def _picture(word: Word, picture: Picture) -> None:
    """Put a chart over the whole breadth; where it cannot be painted, its figures stand as a table."""
    from docx.shared import Mm, Pt

    from junheng.output.document.paper import WIDTH_MM

    try:
        painted = BytesIO(picture.png())
    except Unusable:
        shares = (2.0, *(1.0 for _ in picture.headings[1:]))
        _grid(word, Grid(picture.title, picture.headings, picture.rows, shares))
        return
    paragraph = _line(word, "", indent=0, side="CENTER")
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.space_before = Pt(ABOVE_PICTURE)
    drawn = paragraph.runs[0].add_picture(painted, width=Mm(WIDTH_MM))
    # What a reader for the blind says of it.
    drawn._inline.docPr.set("descr", picture.title)


def _end(word: Word, paper: OfficialPaper) -> None:
    """Write attachments, then who signs and the day: the name in the middle over the day, the day four signs in."""
    from junheng.output.document.paper import TEXT_SIZE

    if paper.attachments:
        _line(word, "", indent=0)
    for text in paper.attachments_told:
        _line(word, text)
    if paper.signed_by or paper.day:
        _line(word, "", indent=0)
        _line(word, "", indent=0)
    day = day_told(paper.day) if paper.day else ""
    if paper.signed_by:
        middle = 4 + (_wide(day) - _wide(paper.signed_by)) / 2
        name = _line(word, paper.signed_by, indent=0, side="RIGHT")
        name.paragraph_format.right_indent = int(TEXT_SIZE * max(middle, 2.0))
        name.paragraph_format.keep_with_next = True
    if day:
        _line(word, day, indent=0, side="RIGHT").paragraph_format.right_indent = TEXT_SIZE * 4
    if paper.remark:
        _line(word, f"（{paper.remark}）")


def _wide(text: str) -> float:
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def _colophon(word: Word, paper: OfficialPaper) -> None:
    """Write the 版记: to whom copies go, who printed it and when, between lines."""
    from docx.shared import Pt

    rows = []
    if paper.copied_to:
        rows.append(f"抄送：{paper.copied_to.rstrip('。')}。")
    if paper.printed_by or paper.printed_on:
        printed = f"{day_told(paper.printed_on)}印发" if paper.printed_on else ""
        rows.append(f"{paper.printed_by}\t{printed}")
    if not rows:
        return
    _line(word, "", indent=0)
    for at, text in enumerate(rows):
        paragraph = _line(word, text, indent=0)
        run = paragraph.runs[0]
        run.font.size = Pt(COLOPHON_SIZE)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(COLOPHON_SIZE)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(14 * 29), 2)
        if not at:
            _rule(paragraph, "top", "000000", LINE_THICK)
        _rule(paragraph, "bottom", "000000", LINE_THICK if at == len(rows) - 1 else LINE_THIN)


def _rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """Draw a line above or below a paragraph; its breadth is in eighths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *AFTER_BORDERS)
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
