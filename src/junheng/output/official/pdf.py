"""Lays an official paper out on the pages of GB/T 9704-2012: twenty-two lines of twenty-eight signs, as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from math import ceil
from pathlib import Path

from junheng.output.official.lines import broken
from junheng.output.official.model import Block, Grid, Heading, OfficialPaper, Picture, day_told
from junheng.output.official.pdf_drawing import draw
from junheng.output.official.pdf_file import HEIGHT, WIDTH, Page, pdf_bytes, width_of

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
ROOM = WIDTH - LEFT - RIGHT
LINES, SIGNS = 22, 28
PITCH = (HEIGHT - TOP - BOTTOM) / LINES
SIZE, TITLE_SIZE, MARK_SIZE, SMALL, NUMBER = 16.0, 22.0, 44.0, 14.0, 14.0
TABLE_SIZE, TABLE_PITCH, PADDING = 9.0, 12.0, 3.0
# From the upper edge of a line to the foot of its signs.
FOOT = 0.5 + 0.36
TITLE_SIGNS, ALONE = 19, 4
HEADS = {1: "black", 2: "kai"}
DAY_INDENT = 4


def write_paper_pdf(paper: OfficialPaper, file: Path) -> None:
    """Write the paper as a PDF. Fonts are named, not embedded: a reader draws those that it has."""
    file.write_bytes(pdf_bytes(_Layout(paper).pages(), paper.title))


class _Layout:
    """Lays a paper out from top to bottom; `down` is how far the present page is full."""

    def __init__(self, paper: OfficialPaper) -> None:
        self.paper = paper
        self.made = [Page()]
        self.down = 0.0

    def pages(self) -> list[Page]:
        """Return the paper's pages."""
        self._head()
        self._title()
        if self.paper.to:
            self._paragraph(f"{self.paper.to}：", indent=0)
        for block, after in zip_longest(self.paper.blocks, self.paper.blocks[1:]):
            self._block(block, after)
        self._end()
        self._colophon()
        for at, page in enumerate(self.made, 1):
            self._foot(page, at)
        return self.made

    def _block(self, block: Block, after: Block | None) -> None:
        """Lay out a block; a heading stands with the line, or with the beginning of the table, that follows."""
        if isinstance(block, Grid):
            self._grid(block)
        elif isinstance(block, Picture):
            self._picture(block)
        elif isinstance(block, Heading):
            below = ceil(_beginning(after) / PITCH) if isinstance(after, Grid | Picture) else 1
            self._paragraph(block.text, font=HEADS.get(block.level, "body"), together=1 + below)
        else:
            self._paragraph(block.text)

    @property
    def page(self) -> Page:
        """The present page."""
        return self.made[-1]

    def _make_room(self, height: float) -> None:
        """Go on to a new page where the present one has no room."""
        if self.down + height > LINES * PITCH + 0.01:
            self.made.append(Page())
            self.down = 0.0

    def _place(self, size: float, pitch: float = PITCH) -> float:
        """Return where the signs of the next line stand, and take the line."""
        self._make_room(pitch)
        middle = HEIGHT - TOP - self.down - pitch / 2
        self.down += pitch
        return middle - size * (FOOT - 0.5)

    def _skip(self, lines: int = 1) -> None:
        if self.down:
            self.down += lines * PITCH

    def _centred(self, words: str, size: float, font: str, pitch: float = PITCH, *, red: bool = False) -> None:
        y = self._place(size, pitch)
        x = LEFT + (ROOM - width_of(words) * size) / 2
        if red:
            self.page.red(x, y, size, words, font)
        else:
            self.page.text(x, y, size, words, font)

    def _head(self) -> None:
        paper = self.paper
        if not paper.mark:
            return
        # The head's upper edge is 35 mm below that of the text; broad names are drawn smaller.
        self.down = 35 * MM
        size = min(MARK_SIZE, ROOM / max(width_of(paper.mark), 1.0))
        self._centred(paper.mark, size, "title", size * 1.2, red=True)
        self.down += 2 * PITCH
        if paper.signer:
            y = self._place(SIZE)
            self.page.text(LEFT + SIZE, y, SIZE, paper.number)
            told = f"签发人：{paper.signer}"
            self.page.text(LEFT + ROOM - (width_of(told) + 1) * SIZE, y, SIZE, told)
        else:
            self._centred(paper.number, SIZE, "body")
        y = HEIGHT - TOP - self.down - 4 * MM
        self.page.line(LEFT, y, LEFT + ROOM, y, 1.5, red=True)
        self.down += 4 * MM

    def _title(self) -> None:
        self.down += PITCH * (2 if self.paper.mark else 1)
        for text in self.paper.title.splitlines():
            for line in _even(text):
                self._centred(line, TITLE_SIZE, "title")
        self.down += PITCH

    def _paragraph(self, words: str, *, indent: int = 2, font: str = "body", together: int = 1) -> None:
        lines = broken(words, SIGNS, indent)
        self._make_room(PITCH * together)
        for at, line in enumerate(lines):
            set_in = indent * SIZE if not at else 0.0
            y = self._place(SIZE)
            self.page.text(LEFT + set_in, y, SIZE, line, font, gap=_gap(line, ROOM - set_in, at == len(lines) - 1))

    def _end(self) -> None:
        paper = self.paper
        if paper.attachments:
            self._skip()
        for text in paper.attachments_told:
            self._paragraph(text)
        day = day_told(paper.day) if paper.day else ""
        if paper.signed_by or day:
            self._make_room(PITCH * (2 + bool(paper.signed_by) + bool(day)))
            self._skip(2)
        right = LEFT + ROOM - DAY_INDENT * SIZE
        if paper.signed_by:
            middle = right - width_of(day) * SIZE / 2
            x = min(middle - width_of(paper.signed_by) * SIZE / 2, LEFT + ROOM - (2 + width_of(paper.signed_by)) * SIZE)
            self.page.text(x, self._place(SIZE), SIZE, paper.signed_by)
        if day:
            self.page.text(right - width_of(day) * SIZE, self._place(SIZE), SIZE, day)
        if paper.remark:
            self._paragraph(f"（{paper.remark}）")

    def _colophon(self) -> None:
        """Draw the 版记 at the foot of the last page, between its lines."""
        paper = self.paper
        copies = broken(f"抄送：{paper.copied_to.rstrip('。')}。", ROOM / SMALL - 2) if paper.copied_to else []
        printed = f"{day_told(paper.printed_on)}印发" if paper.printed_on else ""
        rows = len(copies) + bool(paper.printed_by or printed)
        if not rows:
            return
        self._make_room((rows + 1) * PITCH)
        y = BOTTOM + rows * PITCH
        self.page.line(LEFT, y, LEFT + ROOM, y, 1.0)
        for text in copies:
            y -= PITCH
            self.page.text(LEFT + SMALL, y + PITCH / 3, SMALL, text)
        if copies and rows > len(copies):
            self.page.line(LEFT, y, LEFT + ROOM, y, 0.7)
        if rows > len(copies):
            y -= PITCH
            self.page.text(LEFT + SMALL, y + PITCH / 3, SMALL, paper.printed_by)
            self.page.text(LEFT + ROOM - (width_of(printed) + 1) * SMALL, y + PITCH / 3, SMALL, printed)
        self.page.line(LEFT, BOTTOM, LEFT + ROOM, BOTTOM, 1.0)

    def _foot(self, page: Page, number: int) -> None:
        """Write the page's number between dashes, 7 mm below the text: odd ones right, even ones left, a sign in."""
        told = f"— {number} —"
        y = BOTTOM - 7 * MM - NUMBER
        x = LEFT + ROOM - (width_of(told) + 1) * NUMBER if number % 2 else LEFT + NUMBER
        page.text(x, y, NUMBER, told, "song")
        if self.paper.notice:
            page.text(LEFT + (0 if number % 2 else ROOM - width_of(self.paper.notice) * 9), y, 9.0, self.paper.notice)

    def _grid(self, grid: Grid) -> None:
        widths = [ROOM * share / sum(grid.shares) for share in grid.shares]
        head = _cells(grid.headings, widths)
        rows = [_cells(row, widths) for row in grid.rows]
        self._make_room(_beginning(grid))
        self._centred(grid.title, 12.0, "black")
        self._row(head, widths, font="black", top=True)
        for cells in rows:
            page = self.page
            self._make_room(_height(cells))
            if self.page is not page:
                self._row(head, widths, font="black", top=True)
            self._row(cells, widths)
        self.down += PITCH - self.down % PITCH if self.down % PITCH > 0.01 else 0.0

    def _picture(self, picture: Picture) -> None:
        """Draw a chart over the whole breadth; the line after it stands on the page's own lines again."""
        height = _beginning(picture)
        self._make_room(height)
        draw(self.page, picture.drawing, LEFT, HEIGHT - TOP - self.down, ROOM / picture.drawing.width)
        self.down += ceil(height / PITCH - 0.01) * PITCH

    def _row(
        self, cells: Sequence[Sequence[str]], widths: Sequence[float], font: str = "body", *, top: bool = False
    ) -> None:
        height = _height(cells)
        self._make_room(height)
        upper = HEIGHT - TOP - self.down
        x = LEFT
        for lines, width in zip(cells, widths, strict=True):
            y = upper - (height - len(lines) * TABLE_PITCH) / 2
            for line in lines:
                y -= TABLE_PITCH
                middle = x + (width - width_of(line) * TABLE_SIZE) / 2
                self.page.text(middle, y + TABLE_PITCH - TABLE_SIZE, TABLE_SIZE, line, font)
            self.page.line(x, upper, x, upper - height)
            x += width
        self.page.line(x, upper, x, upper - height)
        for y in (upper, upper - height) if top else (upper - height,):
            self.page.line(LEFT, y, LEFT + ROOM, y)
        self.down += height


def _beginning(grid: Grid | Picture) -> float:
    """Return how high a table's title, headings and first row are, or a chart: they stay together."""
    if isinstance(grid, Picture):
        return ROOM * grid.drawing.height / grid.drawing.width
    widths = [ROOM * share / sum(grid.shares) for share in grid.shares]
    return PITCH + sum(_height(_cells(row, widths)) for row in (grid.headings, *grid.rows[:1]))


def _cells(texts: Sequence[str], widths: Sequence[float]) -> list[list[str]]:
    return [broken(text, (width - PADDING) / TABLE_SIZE) for text, width in zip(texts, widths, strict=True)]


def _height(cells: Sequence[Sequence[str]]) -> float:
    return max(len(lines) for lines in cells) * TABLE_PITCH + PADDING


def _even(title: str) -> list[str]:
    """Return a title in full lines; where a few signs would stand alone in the last, in lines of about one length."""
    lines = broken(title, TITLE_SIGNS)
    if len(lines) == 1 or width_of(lines[-1]) >= ALONE:
        return lines
    return broken(title, width_of(title) / len(lines) + 1)


def _gap(line: str, room: float, last: bool) -> float:
    """Return the room between signs that lets a line fill its breadth; a paragraph's last line keeps its own."""
    own = width_of(line) * SIZE
    even = (SIGNS * SIZE - ROOM) / SIGNS
    if last and own - even * len(line) <= room:
        return -even
    return (room - own) / max(len(line) - 1, 1)
