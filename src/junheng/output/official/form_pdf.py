"""Lays the application form out as PDF: the cover, then each table on pages of its own, broad ones lying across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from junheng.facts.schema import STAGE_LABELS
from junheng.output.form.model import Cell, Column, Form, Row, Table
from junheng.output.form.printed import LEFT, TO_BE_FILLED, heads, joins, size_of, told_below
from junheng.output.official.lines import broken
from junheng.output.official.pdf_file import HEIGHT, WIDTH, Page, pdf_bytes, width_of

MM = 72 / 25.4
# The margins of GB/T 9704; lying across, the left edge of an upright page is the upper one.
UPPER, LOWER, NEAR, FAR = 37 * MM, 35 * MM, 28 * MM, 26 * MM
LEADING, PADDING = 3.5, 4.0
TITLE, NOTE, NUMBER, COVER, COVER_LINE = 16.0, 10.5, 14.0, 15.0, 22.0
COVER_TITLE, NAMES, VALUES = 22.0, 66 * MM, 80 * MM
OUTSIDE = "附：没有列入表Ⅱ-2 的学校"
# From the lower edge of a line to the foot of its signs, in the size of the type.
FOOT = 0.14


def write_form_pdf(form: Form, file: Path) -> None:
    """Write the form as a PDF; the same form is the same bytes. Fonts are named, not embedded."""
    laid = _Form(form)
    laid.cover()
    for table in (*form.tables.values(), *_outside(form)):
        laid.table(table)
    file.write_bytes(pdf_bytes(laid.numbered(), f"{form.county_name}{form.title}"))


def _outside(form: Form) -> Iterator[Table]:
    """Yield the list of schools that table II-2 leaves out, with reasons: whoever counts will ask."""
    columns = (Column("name", "", "学校", 5), Column("", "", "学段", 2), Column("remark", "", "理由", 8))
    told = [(one.school_name, STAGE_LABELS[one.stage], one.why) for one in form.outside]
    rows = tuple(Row(str(at), tuple(Cell(text) for text in texts)) for at, texts in enumerate(told))
    if rows:
        yield Table("outside", OUTSIDE, columns, rows)


class _Form:
    """Lays the form out page by page; `down` is how far the present page is full."""

    def __init__(self, form: Form) -> None:
        self.form, self.pages = form, [Page()]
        self.down = 0.0
        self.across = False

    def _turn(self, *, across: bool) -> None:
        """Begin a new page that lies across or stands upright."""
        self.across, self.down = across, 0.0
        self.pages.append(Page(width=HEIGHT, height=WIDTH) if across else Page())

    @property
    def left(self) -> float:
        return LOWER if self.across else NEAR

    @property
    def room(self) -> float:
        """How broad the page's own part is."""
        return HEIGHT - UPPER - LOWER if self.across else WIDTH - NEAR - FAR

    @property
    def top(self) -> float:
        """Where the next thing's upper edge is."""
        page = self.pages[-1]
        return page.height - (NEAR if self.across else UPPER) - self.down

    def _fits(self, height: float) -> bool:
        return self.top - height >= (FAR if self.across else LOWER)

    def _centred(self, words: str, size: float, font: str) -> None:
        x = self.left + (self.room - width_of(words) * size) / 2
        self.pages[-1].text(x, self.top - size * (1 - FOOT), size, words, font)
        self.down += size * 1.6

    def cover(self) -> None:
        """Write the title, and what the county is called and who filled the form in."""
        form, self.down = self.form, 5 * COVER_LINE
        for words in (form.title.partition("（")[0].removesuffix("申报表"), "申报表"):
            for line in broken(words, self.room / COVER_TITLE):
                self._centred(line, COVER_TITLE, "title")
        self.down += 5 * COVER_LINE
        county = Cell(form.county_name or form.county_code, form.county_name, label="县（市、区、旗）")
        for one in (*form.cover[:2], county, *form.cover[2:]):
            self._entry(one)
        if form.invented:
            self.down += COVER_LINE
            self._centred(f"（{form.invented}）", COVER, "body")

    def _entry(self, one: Cell) -> None:
        lines = broken(one.text, VALUES / COVER - 1)
        x, y = self.left + (self.room - NAMES - VALUES) / 2, self.top
        if one.state in TO_BE_FILLED:
            height = len(lines) * COVER_LINE
            self.pages[-1].box(x + NAMES, y - height, VALUES, height, f"#{TO_BE_FILLED[one.state]}")
        self.pages[-1].text(x, y - COVER, COVER, f"{one.label}：")
        for at, line in enumerate(lines):
            self.pages[-1].text(x + NAMES + PADDING, y - at * COVER_LINE - COVER, COVER, line)
        self.down += len(lines) * COVER_LINE + PADDING

    def table(self, table: Table) -> None:
        """Write a table from a new page on, its headings on each page, then its notes."""
        self._turn(across=table.landscape)
        self._centred(table.title, TITLE, "black")
        self.down += PADDING
        printed = _Printed(table, self.room)
        left = [*table.rows]
        while left:
            many = self._that_fit(printed, left)
            printed.draw(self.pages[-1], self.left, self.top, left[:many])
            self.down += printed.height(left[:many])
            left = left[many:]
            if left:
                self._turn(across=table.landscape)
        for text in told_below(table):
            self._note(text)

    def _that_fit(self, printed: _Printed, rows: Sequence[Row]) -> int:
        """Return how many of some rows find room below the headings: at least one."""
        many = 1
        while many < len(rows) and self._fits(printed.height(rows[: many + 1])):
            many += 1
        return many

    def _note(self, text: str) -> None:
        for line in broken(text, self.room / NOTE):
            if not self._fits(NOTE * 1.6):
                self._turn(across=self.across)
            self.pages[-1].text(self.left, self.top - NOTE * 1.4, NOTE, line)
            self.down += NOTE * 1.6

    def numbered(self) -> list[Page]:
        """Return the pages with their numbers between dashes: odd ones right, even ones left; and the notice."""
        for at, page in enumerate(self.pages, 1):
            across = page.width > page.height
            left, right = (LOWER, page.width - UPPER) if across else (NEAR, page.width - FAR)
            told, y = f"— {at} —", (FAR if across else LOWER) - 7 * MM - NUMBER
            page.text(right - (width_of(told) + 1) * NUMBER if at % 2 else left + NUMBER, y, NUMBER, told, "song")
            if self.form.invented:
                notice = self.form.invented
                page.text(left if at % 2 else right - width_of(notice) * 9, y, 9.0, notice)
        return self.pages


class _Printed:
    """A table in its own type and widths."""

    def __init__(self, table: Table, room: float) -> None:
        self.table, self.size = table, size_of(table)
        shares = [column.share for column in table.columns]
        self.widths = [room * share / sum(shares) for share in shares]
        self.heads = [self._broken(texts) for texts in heads(table)]

    def _broken(self, texts: Sequence[str]) -> list[list[str]]:
        """Return texts line by line, each as broad as its column."""
        cells = zip(texts, self.widths, strict=True)
        return [
            [line for part in text.splitlines() or [""] for line in broken(part, (width - PADDING) / self.size)]
            for text, width in cells
        ]

    def _lines(self, rows: Sequence[Row]) -> list[list[list[str]]]:
        return [*self.heads, *(self._broken([cell.text for cell in row.cells]) for row in rows)]

    def height(self, rows: Sequence[Row]) -> float:
        """Return how high the headings with some rows are."""
        return sum(self._heights(self._lines(rows)))

    def _heights(self, lines: Sequence[Sequence[Sequence[str]]]) -> list[float]:
        """Return how high each row is. The headings of groups stand over several columns, and break nowhere."""
        found = [max(map(len, row)) * (self.size + LEADING) + PADDING for row in lines]
        if any(column.group for column in self.table.columns):
            found[0] = self.size + LEADING + PADDING
        return found

    def draw(self, page: Page, left: float, top: float, rows: Sequence[Row]) -> None:
        """Draw the headings and some rows, equal neighbours as one cell."""
        lines = self._lines(rows)
        across, down = _edges(left, self.widths), _edges(top, [-height for height in self._heights(lines)])
        ends = self._ends(rows)
        for y, row in enumerate(lines):
            for x, own in enumerate(row):
                end = ends.get((y, x), (y, x))
                if end is not None:
                    box = (across[x], down[y], across[end[1] + 1], down[end[0] + 1])
                    self._cell(
                        page, box, own, self._state(rows, y, x), left=y >= len(self.heads) and self._left(x, own)
                    )

    def _ends(self, rows: Sequence[Row]) -> dict[tuple[int, int], tuple[int, int] | None]:
        """Return of each cell that is joined where it ends, and None of those that it covers."""
        ends: dict[tuple[int, int], tuple[int, int] | None] = {}
        for upper, first, lower, last in joins(self.table, rows):
            ends |= {(y, x): None for y in range(upper, lower + 1) for x in range(first, last + 1)}
            ends[upper, first] = lower, last
        return ends

    def _state(self, rows: Sequence[Row], y: int, x: int) -> str:
        at = y - len(self.heads)
        return "head" if at < 0 else rows[at].cells[x].state

    def _left(self, x: int, own: Sequence[str]) -> bool:
        return self.table.columns[x].key in LEFT and len("".join(own)) > 1

    def _cell(
        self, page: Page, box: tuple[float, float, float, float], lines: Sequence[str], state: str, *, left: bool
    ) -> None:
        x, top, to_x, bottom = box
        if state in TO_BE_FILLED:
            page.box(x, bottom, to_x - x, top - bottom, f"#{TO_BE_FILLED[state]}")
        page.path([(x, top), (to_x, top), (to_x, bottom), (x, bottom), (x, top)], 0.5, "#000000")
        pitch = self.size + LEADING
        words = ["".join(lines)] if width_of("".join(lines)) * self.size <= to_x - x - PADDING else lines
        y = (top + bottom + len(words) * pitch) / 2
        font = "black" if state == "head" else "song"
        for line in words:
            y -= pitch
            # A line with a sign that closes over its end is set a little smaller.
            size = min(self.size, (to_x - x - 2) / max(width_of(line), 1.0))
            begin = x + PADDING / 2 if left else x + (to_x - x - width_of(line) * size) / 2
            page.text(begin, y + LEADING / 2 + size * FOOT, size, line, font)


def _edges(first: float, lengths: Sequence[float]) -> list[float]:
    """Return where cells begin and end that lie beside each other."""
    return [*accumulate(lengths, initial=first)]
