"""A binder as one PDF: cover, catalogue, a divider before each indicator, the papers, pages numbered through."""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from junheng_web.dossier.bookmarks import Mark, bookmarks_add
from junheng_web.dossier.sheets import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Sheet, pdf_of, wrapped
from junheng_web.evidence.layouts import OFFICE, SECONDS, laid_out
from junheng_web.evidence.reading import ENDINGS
from junheng_web.evidence.storage import local
from junheng_web.organisation.jobs import Explained

# Called with how many papers are done, and what is being done.
Report = Callable[[int, str], None]
LINE, SMALL, BODY = 20.0, 9.0, 11.0
LINES_A_PAGE = int((HEIGHT - TOP - BOTTOM - 60) // LINE)
# A scan at 200 dots an inch can be read; more would only weigh.
PICTURE_DOTS = 2400
COLUMNS = (
    ("序号", 0.0),
    ("名称", 44.0),
    ("文号", 192.0),
    ("形成日期", 278.0),
    ("原件在", 340.0),
    ("页码", 424.0),
)
NAME_WIDTH, NUMBER_WIDTH, ORIGINAL_WIDTH = 13.5, 7.8, 7.6
# So many seconds a binder spends on laying out Office files; what is not done by then stands as a sheet.
LAYING = 600.0
QUARTER, TOLD_EVERY = 90, 20
# The library looks through the whole document for each page that is written on: a thousand pages took forty seconds,
# a hundred take a fifth of a second. Pages that are written on apart are each brought their fonts anew.
NUMBERED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """One paper in a binder: what it proves, its own data, and its content."""

    code: str
    text: str
    name: str
    number: str
    formed_on: dt.date | None
    original: str
    compiled: bool
    digest: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One indicator with its papers."""

    indicator: str
    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """What is bound: whose, what it is called, of which day, and the chapters."""

    county: str
    title: str
    day: dt.date
    chapters: tuple[Chapter, ...]
    invented: bool = False

    @property
    def pieces(self) -> list[Piece]:
        """All papers in their order."""
        return [piece for chapter in self.chapters for piece in chapter.pieces]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a paper stands: its first and last page number."""

    piece: Piece
    first: int
    last: int


def bind(binder: Binder, file: Path, report: Report) -> list[Placed]:
    """Write a binder into a file, and return where each paper stands."""
    body, placed, marks, until = pypdfium2.PdfDocument.new(), [], [], time.monotonic() + LAYING
    for chapter in binder.chapters:
        mark = Mark(f"{chapter.indicator} {chapter.name}", len(body))
        with contextlib.closing(pypdfium2.PdfDocument(pdf_of([_divider(chapter)]))) as divider:
            _bind(body, divider)
        for piece in chapter.pieces:
            doing = f"正在装订 {piece.name}"
            report(len(placed), doing)
            first = len(body) + 1
            mark.below.append(Mark(f"{piece.code} {piece.name}", len(body)))
            with _pages(piece, until) as pages:
                _bind(body, pages, lambda at, doing=doing: report(len(placed), f"{doing}，{at}"))
            placed.append(Placed(piece, first, len(body)))
        marks.append(mark)
    _front(binder, body, placed, marks, file)
    return placed


def _bind(
    body: pypdfium2.PdfDocument, pages: pypdfium2.PdfDocument, say: Callable[[str], None] = lambda _: None
) -> None:
    """Put pages at a binder's end, each with its number there."""
    many = len(pages)
    for start in range(0, many, NUMBERED_AT_ONCE):
        with contextlib.closing(pypdfium2.PdfDocument.new()) as part:
            part.import_pages(pages, list(range(start, min(start + NUMBERED_AT_ONCE, many))))
            for at in range(len(part)):
                if start + at and (start + at) % TOLD_EVERY == 0:
                    say(f"编页码 {start + at + 1} / {many}")
                _number(part, at, len(body) + at + 1)
            body.import_pages(part)


def _front(binder: Binder, body: pypdfium2.PdfDocument, placed: list[Placed], marks: list[Mark], file: Path) -> None:
    """Put the cover and the catalogue before the numbered pages, save, and add the bookmarks."""
    front = [_cover(binder), *_catalogue(binder, placed)]
    whole = pypdfium2.PdfDocument.new()
    _append(whole, pdf_of(front))
    whole.import_pages(body)
    body.close()
    whole.save(file)
    whole.close()
    shifted = [
        Mark(one.words, one.page + len(front), [Mark(each.words, each.page + len(front)) for each in one.below])
        for one in marks
    ]
    bookmarks_add(file, [Mark("封面", 0), Mark("目录", 1), *shifted])


def _append(document: pypdfium2.PdfDocument, content: bytes) -> None:
    with contextlib.closing(pypdfium2.PdfDocument(content)) as pages:
        document.import_pages(pages)


@contextlib.contextmanager
def _pages(piece: Piece, until: float) -> Iterator[pypdfium2.PdfDocument]:
    """Give a paper's pages: its own, as LibreOffice lays it out, its picture, or a sheet that says where it is."""
    with contextlib.ExitStack() as held:
        opened = _opened(piece, held, until) or pypdfium2.PdfDocument(pdf_of([_instead(piece)]))
        held.callback(opened.close)
        yield opened


def _opened(piece: Piece, held: contextlib.ExitStack, until: float) -> pypdfium2.PdfDocument | None:
    try:
        if piece.media_type == "application/pdf":
            return _whole(pypdfium2.PdfDocument(held.enter_context(local(piece.digest))))
        if ENDINGS.get(piece.media_type) in OFFICE and (left := until - time.monotonic()) > 0:
            return _whole(pypdfium2.PdfDocument(laid_out(piece.digest, piece.media_type, min(left, SECONDS))))
        if piece.media_type.startswith("image/"):
            with local(piece.digest) as original:
                return pypdfium2.PdfDocument(_picture(original))
    except (Explained, pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return None


def _whole(document: pypdfium2.PdfDocument) -> pypdfium2.PdfDocument | None:
    return document if len(document) else None


def _picture(path: Path) -> bytes:
    """Return a picture as a page of A4, upright or lying as the picture is."""
    with Image.open(path) as opened:
        opened.draft("RGB", (PICTURE_DOTS, PICTURE_DOTS))
        picture = opened.convert("RGB")
    picture.thumbnail((PICTURE_DOTS, PICTURE_DOTS))
    lying = picture.width > picture.height
    size = (PICTURE_DOTS, round(PICTURE_DOTS * WIDTH / HEIGHT))
    page = Image.new("RGB", size if lying else size[::-1], "white")
    picture.thumbnail((round(page.width * 0.88), round(page.height * 0.88)))
    page.paste(picture, ((page.width - picture.width) // 2, (page.height - picture.height) // 2))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=PICTURE_DOTS / (HEIGHT / 72), quality=80)
    return out.getvalue()


def _number(document: pypdfium2.PdfDocument, at: int, number: int) -> None:
    """Write a page's number at its foot, whichever way the page is turned."""
    with contextlib.closing(document[at]) as page:
        words = f"- {number} -"
        one = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", ctypes.c_float(SMALL))
        coded = (words + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(one, ctypes.cast(coded, raw.FPDF_WIDESTRING))
        raw.FPDFPageObj_Transform(one, *_foot(page, len(words) * SMALL * 0.45))
        raw.FPDFPage_InsertObject(page.raw, one)
        page.gen_content()


def _foot(page: pypdfium2.PdfPage, width: float) -> tuple[float, ...]:
    """Return the matrix that puts a text of a width in the middle of a page's foot, as it is seen."""
    left, bottom, right, top = page.get_cropbox()
    x, y, edge = (left + right) / 2, (bottom + top) / 2, 20.0
    return {
        0: (1, 0, 0, 1, x - width / 2, bottom + edge),
        1: (0, 1, -1, 0, right - edge, y - width / 2),
        2: (-1, 0, 0, -1, x + width / 2, top - edge),
        3: (0, -1, 1, 0, left + edge, y + width / 2),
    }[page.get_rotation() // QUARTER]


def _cover(binder: Binder) -> Sheet:
    page = Sheet()
    page.centred(HEIGHT - 200, 22, binder.county)
    for at, line in enumerate(wrapped(binder.title, 16)):
        page.centred(HEIGHT - 270 - 40 * at, 26, line)
    page.centred(HEIGHT - 400, 18, "佐证材料汇编")
    page.centred(160, 14, f"{binder.day:%Y} 年 {binder.day.month} 月 {binder.day.day} 日")
    if binder.invented:
        page.centred(120, 12, "虚构数据，仅供演示")
    return page


def _catalogue(binder: Binder, placed: Sequence[Placed]) -> list[Sheet]:
    """Return the catalogue: each paper with its number, date and pages, under its indicator."""
    lines = list(_lines(binder, placed))
    starts = range(0, max(len(lines), 1), LINES_A_PAGE)
    return [_catalogue_page(lines[start : start + LINES_A_PAGE], at) for at, start in enumerate(starts)]


def _lines(binder: Binder, placed: Sequence[Placed]) -> Iterator[tuple[str, ...]]:
    where = {id(one.piece): one for one in placed}
    for chapter in binder.chapters:
        yield (wrapped(f"{chapter.indicator} {chapter.name}", 40)[0],)
        for piece in chapter.pieces:
            one = where[id(piece)]
            pages = f"{one.first}" if one.first == one.last else f"{one.first}-{one.last}"
            day = f"{piece.formed_on:%Y-%m-%d}" if piece.formed_on else ""
            names, numbers = wrapped(_name(piece), NAME_WIDTH), wrapped(piece.number, NUMBER_WIDTH)
            originals = wrapped(piece.original, ORIGINAL_WIDTH)
            (first, number, original), *rest = zip_longest(names, numbers, originals, fillvalue="")
            yield piece.code, first, number, day, original, pages
            yield from (("", name, more, "", kept, "") for name, more, kept in rest)


def _name(piece: Piece) -> str:
    return piece.name + ("（整理件）" if piece.compiled else "")


def _catalogue_page(lines: Sequence[tuple[str, ...]], at: int) -> Sheet:
    page, y = Sheet(), HEIGHT - TOP
    page.centred(y, 18, "目录" if not at else f"目录（续 {at}）")
    y -= 40
    for words, x in COLUMNS:
        page.text(LEFT + x, y, BODY, words)
    page.line(LEFT, y - 6, WIDTH - RIGHT, y - 6)
    for line in lines:
        y -= LINE
        if len(line) == 1:
            page.text(LEFT, y, BODY, line[0])
            page.line(LEFT, y - 5, WIDTH - RIGHT, y - 5)
        else:
            for (_, x), words in zip(COLUMNS, line, strict=True):
                page.text(LEFT + x, y, BODY - 0.5, words)
    return page


def _divider(chapter: Chapter) -> Sheet:
    page = Sheet()
    page.centred(HEIGHT - 260, 36, chapter.indicator)
    for at, line in enumerate(wrapped(chapter.name, 22)):
        page.centred(HEIGHT - 320 - 30 * at, 18, line)
    page.centred(HEIGHT - 480, 12, f"{len(chapter.pieces)} 件")
    return page


def _instead(piece: Piece) -> Sheet:
    """Return the sheet that stands for what has no pages: a text, a zip, an Office file that nothing here lays out."""
    page, y = Sheet(), HEIGHT - 200
    page.text(LEFT, y, 14, f"{piece.code}：电子文件，没有装订成页")
    told = [piece.name, f"原件在 {piece.original or '（没有写）'}", f"SHA-256 {piece.digest[:32]}", piece.digest[32:]]
    told.append("文件在同一包的“原件”文件夹里，文件名以编号开头。")
    for line in (each for words in told for each in wrapped(words, 38)):
        y -= LINE + 4
        page.text(LEFT, y, BODY, line)
    return page


def labels(binder: Binder, placed: Sequence[Placed]) -> list[Sheet]:
    """Return the labels of the binder's back and of its box, to be cut out, on one page."""
    page, pages = Sheet(), placed[-1].last if placed else 0
    page.text(LEFT, HEIGHT - TOP, BODY, "沿线剪下：左边贴脊背，右边贴盒面")
    page.box(LEFT, 120, 85, 600)
    for at, sign in enumerate(f"{binder.county}{binder.title}"[:26]):
        page.text(LEFT + 33, 690 - 21 * at, 18, sign)
    page.text(LEFT + 8, 130, SMALL, f"{binder.day:%Y}")
    page.box(LEFT + 115, 420, 330, 300)
    told = [binder.county, *wrapped(binder.title, 16), "佐证材料汇编"]
    told += [f"指标 {'、'.join(one.indicator for one in binder.chapters)}"[:40], f"{len(binder.pieces)} 件，{pages} 页"]
    for at, words in enumerate(told):
        page.text(LEFT + 135, 685 - 32 * at, 15, words)
    page.text(LEFT + 135, 435, BODY, "柜 ______ 盒 ______")
    return [page]
