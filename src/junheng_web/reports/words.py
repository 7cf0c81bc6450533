"""Word files: the words of a county's template, the same file with its references filled, a plain paper of a text."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import docx
from django.core.exceptions import ValidationError
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph

from junheng import api as jh
from junheng import papers
from junheng_web.reports.figures import Catalogue, plain
from junheng_web.reports.references import REFERENCE, filled

Files = dict[str, bytes]
# How broad a chart is in a county's own Word file.
CHART_MM = 150
NOTICE_SIZE = 9
# Where Word keeps the copy of a text box for older programs.
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WRITERS: Mapping[str, Callable[[papers.OfficialPaper, Path], None]] = MappingProxyType(
    {"docx": papers.write_paper_docx, "pdf": papers.write_paper_pdf}
)


def text_in(file: Path) -> str:
    """Return the words of a Word file, a paragraph a line, tables' cells as well. Raises ValidationError."""
    lines = [one.text.strip() for one in _paragraphs(_opened(file))]
    return "\n".join(line for line in lines if line)


def _opened(file: Path) -> Any:
    try:
        return docx.Document(str(file))
    except Exception:  # python-docx raises whatever the damage leads to
        raise ValidationError("这个 Word 文件打不开：请在 Word 或 WPS 里另存为 .docx，再交") from None


def filled_in(file: Path, figures: Catalogue, notice: str = "") -> bytes:
    """Return a Word file with its references filled, everything else as it is; `notice` stands at each page's foot.

    Raises ValidationError.
    """
    document = _opened(file)
    for one in [*_paragraphs(document)]:
        if REFERENCE.search(one.text):
            _fill(document, one, figures)
    for one in _copies(document):
        _fill_words(one, figures)
    if notice:
        _notice(document, notice)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(document: Any) -> Iterator[Any]:
    """Yield every paragraph: of the body and its tables in their order, of boxes, and of all heads and feet."""
    for part in (document, *_heads_and_feet(document)):
        yield from _within(part)
        yield from _boxed(part, copies=False)


def _heads_and_feet(document: Any) -> Iterator[Any]:
    """Yield the heads and feet that a section has of its own, also those of first and of even pages."""
    for section in document.sections:
        yield from (one for one in _parts(document, section) if not one.is_linked_to_previous)


def _parts(document: Any, section: Any) -> Iterator[Any]:
    yield from (section.footer, section.header)
    if section.different_first_page_header_footer:
        yield from (section.first_page_footer, section.first_page_header)
    if document.settings.odd_and_even_pages_header_footer:
        yield from (section.even_page_footer, section.even_page_header)


def _boxed(part: Any, *, copies: bool) -> Iterator[Any]:
    """Yield the paragraphs of text boxes; of each, Word keeps a copy for older programs (`copies`: those alone)."""
    for one in part._element.iterfind(f".//{qn('w:txbxContent')}//{qn('w:p')}"):
        if copies == any(each.tag == FALLBACK for each in one.iterancestors()):
            yield Paragraph(one, part)


def _copies(document: Any) -> Iterator[Any]:
    for part in (document, *_heads_and_feet(document)):
        yield from _boxed(part, copies=True)


def _notice(document: Any, notice: str) -> None:
    """Write a notice at the foot of every page, whichever feet the document has."""
    for at, section in enumerate(document.sections):
        for part in [*_parts(document, section)][::2]:
            if at == 0 or not part.is_linked_to_previous:
                part.add_paragraph().add_run(notice).font.size = Pt(NOTICE_SIZE)


def _within(part: Any) -> Iterator[Any]:
    for one in part.iter_inner_content():
        if hasattr(one, "rows"):
            # A merged cell stands in several places of its table, and is one.
            cells = {cell._tc: cell for row in one.rows for cell in row.cells}
            for cell in cells.values():
                yield from _within(cell)
        else:
            yield one


def _fill(document: Any, paragraph: Any, figures: Catalogue) -> None:
    """Fill a paragraph: where it is nothing but a table or a chart, that stands there; else its references."""
    whole = REFERENCE.fullmatch(paragraph.text.strip())
    one = figures.get(plain(whole[1])) if whole else None
    if one and one.grid and not _in_a_box(paragraph):
        papers.put_grid_docx(document, paragraph, one.grid, _breadth(document, paragraph))
    elif not (one and one.chart and _painted(paragraph, one.chart)):
        _fill_words(paragraph, figures)


def _in_a_box(paragraph: Any) -> bool:
    return any(one.tag == qn("w:txbxContent") for one in paragraph._p.iterancestors())


def _breadth(document: Any, paragraph: Any) -> float:
    """Return how broad a table below a paragraph may be, in millimetres: as its cell, or as the page's own part."""
    cell = getattr(paragraph._parent, "width", None)
    page = document.sections[0]
    return float(Emu(cell or page.page_width - page.left_margin - page.right_margin).mm)


def _fill_words(paragraph: Any, figures: Catalogue) -> None:
    """Fill a paragraph's references; what Word broke into several runs is put into the first, in its look."""
    for run in paragraph.runs:
        if REFERENCE.search(run.text):
            run.text = filled(run.text, figures)
    found = [*REFERENCE.finditer("".join(run.text for run in paragraph.runs))]
    for one in reversed(found):
        _fill_across(paragraph.runs, *one.span(), filled(one[0], figures))


def _painted(paragraph: Any, chart: papers.Picture) -> bool:
    """Put a chart in the place of a paragraph's words; False where this machine cannot paint it."""
    try:
        picture = BytesIO(chart.png())
    except jh.Unusable:
        return False
    for run in paragraph.runs:
        run.text = ""
    paragraph.runs[0].add_picture(picture, width=Mm(CHART_MM))
    return True


def _fill_across(runs: list[Any], start: int, end: int, words: str) -> None:
    at = 0
    for run in runs:
        own, begin = run.text, at
        at += len(own)
        if begin >= end or at <= start:
            continue
        kept = own[: max(0, start - begin)], own[max(0, end - begin) :]
        run.text = kept[0] + (words if begin <= start else "") + kept[1]


def paper(
    title: str, text: str, figures: Catalogue, day: dt.date, *, by: str, notice: str, beside: Sequence[str]
) -> Files:
    """Return a text as an official paper, as Word and as PDF; `by` signs it, `notice` stands on each page."""
    quoted = {
        key: papers.Figure(key, one.told, grid=one.grid, chart=one.chart) for key, one in figures.items() if one.known
    }
    plainly = REFERENCE.sub(lambda found: "{{" + plain(found[1]) + "}}", text)
    told = {"attachments": beside, "signed_by": by, "day": day, "notice": notice}
    made = papers.OfficialPaper(title, papers.fill(plainly, quoted).blocks, **told)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper"
        found = {}
        for ending, write in WRITERS.items():
            write(made, file)
            found[ending] = file.read_bytes()
    return found
