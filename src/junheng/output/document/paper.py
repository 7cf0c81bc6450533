"""The paper that Chinese offices write on: A4 by GB/T 9704, their fonts by name, headings, page numbers, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as Paper

# The office's own computer has these fonts; Word takes the next best where one is absent.
BODY, TITLE, FIRST, SECOND, FIGURES = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "Times New Roman"
PAGE_NUMBER = "宋体"
# GB/T 9704: A4, margins, size 3 (16 pt) for the text, size 2 (22 pt) for the title, 28.95 pt from line to line.
PAGE, MARGINS = (Mm(210), Mm(297)), {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
TEXT_SIZE, TITLE_SIZE, TABLE_SIZE, NUMBER_SIZE, PITCH = Pt(16), Pt(22), Pt(10), Pt(14), Pt(28.95)
# Lists and notes that nobody reads aloud.
SMALL_SIZE, SMALL_PITCH = Pt(12), Pt(20)
SHORT = 5
# Twentieths of a point between a cell's text and its lines.
PADDING = 45
WIDTH_MM, ACROSS_MM = 156, 225
TURNED = {"left": "top", "right": "bottom", "top": "right", "bottom": "left"}
LANGUAGE = "zh-CN"
DRAWN = ("top", "left", "bottom", "right", "insideH", "insideV")


def blank(notice: str) -> Paper:
    """Return an empty document with its page, styles and page numbers; `notice` stands on every page."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = PAGE
    for side, margin in MARGINS.items():
        setattr(section, f"{side}_margin", margin)
    _defaults(paper)
    _style(paper, "Normal", BODY, TEXT_SIZE)
    _style(paper, "Title", TITLE, TITLE_SIZE)
    _style(paper, "Heading 1", FIRST, TEXT_SIZE)
    _style(paper, "Heading 2", SECOND, TEXT_SIZE)
    paper.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number_pages(paper, notice)
    return paper


def _defaults(paper: Paper) -> None:
    """Say once that everything is Chinese: without it some programs draw Japanese forms of the characters."""
    run = paper.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = run.find(qn("w:lang"))
    for kind in ("val", "eastAsia"):
        language.set(qn(f"w:{kind}"), LANGUAGE)


def _style(paper: Paper, name: str, font: str, size: Pt) -> None:
    style = paper.styles[name]
    own = style.element.get_or_add_rPr()
    fonts(own, font)
    style.font.size, style.font.bold = size, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing = PITCH
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def fonts(properties: Any, font: str) -> None:
    """Name the fonts themselves: digits and Latin letters in the Latin one, whatever a theme says."""
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), FIGURES)
    fonts.set(qn("w:eastAsia"), font)


def _number_pages(paper: Paper, notice: str) -> None:
    """Number the pages as documents are: — 1 —, odd pages to the right, even ones to the left."""
    before = f"{notice}　— " if notice else "— "
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        for text in (before, "PAGE", " —"):
            run = paragraph.add_run("" if text == "PAGE" else text)
            run.font.size = NUMBER_SIZE
            fonts(run._r.get_or_add_rPr(), PAGE_NUMBER)
            if text == "PAGE":
                field(run, text)


def field(run: Any, instruction: str) -> None:
    """Write a field, such as the page's number."""
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = instruction
        run._r.append(element)


def turn(paper: Paper, *, across: bool) -> None:
    """Begin a new page that lies across or stands upright; across, the upright page's left edge is its upper one."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    width, height = (PAGE[1], PAGE[0]) if across else PAGE
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    for side, margin in MARGINS.items():
        setattr(section, f"{TURNED[side] if across else side}_margin", margin)


def heading(paper: Paper, text: str, level: int, *, new_page: bool = False) -> None:
    """Write a heading, which the navigation pane lists."""
    paragraph = paper.add_heading(text, level)
    paragraph.paragraph_format.page_break_before = new_page


def say(paper: Paper, text: str, *, bold: bool = False, small: bool = False) -> None:
    """Write a paragraph, its first line set in by two characters."""
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, SMALL_SIZE if small else TEXT_SIZE
    paragraph.paragraph_format.first_line_indent = run.font.size * 2
    paragraph.paragraph_format.line_spacing = SMALL_PITCH if small else PITCH


def table(
    paper: Paper,
    headings: Sequence[str],
    widths: Sequence[float],
    rows: Iterable[Sequence[str]],
    wide_mm: float = WIDTH_MM,
) -> Any:
    """Write a table over the whole width, and return it; `widths` are shares, words stand left and figures right."""
    rows = list(rows)
    drawn = paper.add_table(rows=0, cols=len(headings))
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    draw_lines(drawn)
    millimetres = [wide_mm * share / sum(widths) for share in widths]
    for column, width in zip(drawn.columns, millimetres, strict=True):
        column.width = Mm(width)
    sides = [_side(column) for column in zip(*rows, strict=True)] or [WD_ALIGN_PARAGRAPH.CENTER] * len(headings)
    for texts in (headings, *rows):
        cells = drawn.add_row().cells
        for cell, text, width, side in zip(cells, texts, millimetres, sides, strict=True):
            cell.width = Mm(width)
            _cell(cell.paragraphs[0], text, WD_ALIGN_PARAGRAPH.CENTER if texts is headings else side)
    for cell in drawn.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    repeat(drawn.rows[0])
    for row in drawn.rows:
        keep_whole(row)
    return drawn


def _side(texts: Sequence[str]) -> WD_ALIGN_PARAGRAPH:
    """Return where a column's texts stand: figures right, sentences left, single words in the middle."""
    if any(text[:1].isdigit() for text in texts):
        return WD_ALIGN_PARAGRAPH.RIGHT
    return WD_ALIGN_PARAGRAPH.LEFT if any(len(text) > SHORT for text in texts) else WD_ALIGN_PARAGRAPH.CENTER


def _cell(paragraph: Any, text: str, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.add_run(text).font.size = TABLE_SIZE
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.alignment = side


def draw_lines(drawn: Any) -> None:
    """Draw a table's lines, and leave little room between them and its texts."""
    borders = OxmlElement("w:tblBorders")
    for side in DRAWN:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    drawn._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(PADDING))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    drawn._tbl.tblPr.append(margins)


def repeat(row: Any) -> None:
    """Let the headings stand again on each page that the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """Let no row be divided between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
