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
from docx.shared import Mm

from junheng import api as jh
from junheng import papers
from junheng_web.reports.figures import Catalogue, plain
from junheng_web.reports.references import REFERENCE, filled

Files = dict[str, bytes]
# How broad a chart is in a county's own Word file.
CHART_MM = 150
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


def filled_in(file: Path, figures: Catalogue) -> bytes:
    """Return a Word file with its references filled; everything else stays as it is. Raises ValidationError."""
    document = _opened(file)
    for one in _paragraphs(document):
        if REFERENCE.search(one.text):
            _fill(one, figures)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(document: Any) -> Iterator[Any]:
    """Yield every paragraph: of the body and its tables in their order, and of each section's head and foot."""
    yield from _within(document)
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                yield from _within(part)


def _within(part: Any) -> Iterator[Any]:
    for one in part.iter_inner_content():
        if hasattr(one, "rows"):
            # A merged cell stands in several places of its table, and is one.
            cells = {cell._tc: cell for row in one.rows for cell in row.cells}
            for cell in cells.values():
                yield from _within(cell)
        else:
            yield one


def _fill(paragraph: Any, figures: Catalogue) -> None:
    """Fill a paragraph's references; what Word broke into several runs is put into the first, in its look."""
    whole = REFERENCE.fullmatch(paragraph.text.strip())
    one = figures.get(plain(whole[1])) if whole else None
    if one and one.chart and _painted(paragraph, one.chart):
        return
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
