"""Every table of a page as a workbook, read from the page itself: the same rows, order and filter as on the screen.

A page whose rows come in portions asks `whole(request)` and then shows all of them. Tables that have a workbook of
their own, as those of `common.tables`, say so with `data-exports`, and are left to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

ASKED, WORKBOOK = "_tables", "xlsx"
OWN = "data-exports"
HEADINGS = frozenset({"h1", "h2", "h3"})
CELLS = frozenset({"td", "th"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# What is no part of what a cell says: drawings, buttons, and what is shown only beside it or on a phone.
NOT_TOLD = frozenset({"button", "script", "style", "svg", "template", "nav"})
NOT_TOLD_CLASSES = frozenset({"help", "tip", "only-phone"})
BREAKS = frozenset({"br", "div", "li", "p", "summary"})
BREAK_CLASSES = frozenset({"line"})
NUMBERS = frozenset({"number", "text-end"})
SPACE = re.compile(r"[ \t\r\n]+")
Attributes = dict[str, str]


@dataclass(slots=True)
class Cell:
    """One cell: what it says, whether a heading, whether of a column of numbers, over how many columns and rows."""

    text: str = ""
    heading: bool = False
    number: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Grid:
    """One table of a page: what it is called, and its rows of cells."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield each cell with its row and column, past the cells that reach into its row from above."""
        taken: set[tuple[int, int]] = set()
        for row, cells in enumerate(self.rows):
            column = 0
            for cell in cells:
                while (row, column) in taken:
                    column += 1
                taken |= {(row + down, column + along) for down in range(cell.rows) for along in range(cell.columns)}
                yield row, column, cell
                column += cell.columns


def tables_of(page: str) -> list[Grid]:
    """Return the tables in a page's main part that have no workbook of their own."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [one for one in reader.tables if one.rows]


def title_of(page: str) -> str:
    """Return what a page is called: its first heading."""
    reader = _Reader()
    reader.feed(page)
    return reader.first


class _Reader(HTMLParser):
    """Reads headings and tables. What is left out is left out until its own tag ends, so that open ends do no harm."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Grid] = []
        self.first = ""
        self._main = False
        self._grid: Grid | None = None
        self._cell: Cell | None = None
        self._heading: list[str] | None = None
        self._title = self._region = ""
        self._caption: list[str] | None = None
        self._left_out, self._depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if self._left_out:
            self._depth += tag == self._left_out
        elif tag not in VOID and _left_out(tag, told):
            self._left_out, self._depth = tag, 1
        elif self._main:
            self._begin(tag, told)
        else:
            self._main = tag == "main"

    def _begin(self, tag: str, told: Attributes) -> None:
        if tag in HEADINGS:
            self._heading = []
        elif tag == "table":
            self._grid, self._region = Grid(self._region or self._title), ""
        elif told.get("role") == "region":
            self._region = told.get("aria-label", "")
        elif self._grid is not None:
            self._inside(tag, told)

    def _inside(self, tag: str, told: Attributes) -> None:
        if tag == "caption":
            self._caption = []
        elif tag == "tr" and self._grid is not None:
            self._cell = None
            self._grid.rows.append([])
        elif tag in CELLS and self._grid is not None and self._grid.rows:
            number = bool(NUMBERS & {*told.get("class", "").split()})
            over = [int(told[name]) if told.get(name, "").isdecimal() else 1 for name in ("colspan", "rowspan")]
            self._cell = Cell("", tag == "th", number, *over)
            self._grid.rows[-1].append(self._cell)
        elif self._cell is not None:
            self._say(_control(tag, told))

    def _say(self, text: str) -> None:
        if self._cell is not None:
            self._cell.text += text

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._depth -= tag == self._left_out
            self._left_out = self._left_out if self._depth else ""
        elif tag in HEADINGS and self._heading is not None:
            self._title, self._heading = _plain("".join(self._heading)), None
            self.first = self.first or self._title
        elif tag == "caption" and self._grid is not None and self._caption is not None:
            self._grid.title, self._caption = _plain("".join(self._caption)) or self._grid.title, None
        elif tag == "table":
            self._end()
        elif tag in CELLS:
            self._cell = None
        elif tag in BREAKS:
            self._say("\n")
        elif tag == "main":
            self._main = False

    def _end(self) -> None:
        if self._grid is not None:
            for cell in (cell for row in self._grid.rows for cell in row):
                cell.text = "\n".join(filter(None, map(_plain, cell.text.split("\n"))))
            self.tables.append(self._grid)
        self._grid = self._cell = None

    def handle_data(self, data: str) -> None:
        if self._left_out:
            return
        if self._heading is not None:
            self._heading.append(data)
        elif self._caption is not None:
            self._caption.append(data)
        else:
            self._say(SPACE.sub(" ", data))


def _left_out(tag: str, told: Attributes) -> bool:
    """Whether an element says nothing of its own, or has a workbook of its own."""
    quiet = told.get("aria-hidden") == "true" or "hidden" in told or OWN in told
    aside = NOT_TOLD_CLASSES & {*told.get("class", "").split()}
    return quiet or bool(aside) or tag in NOT_TOLD or (tag == "option" and "selected" not in told)


def _control(tag: str, told: Attributes) -> str:
    """Return what an element begins with: what a field holds, or a line of its own."""
    if tag == "input":
        kind = told.get("type", "text")
        if kind in ("checkbox", "radio"):
            return "✓" if "checked" in told else ""
        return "" if kind in ("hidden", "file", "submit") else told.get("value", "")
    return "\n" if tag in BREAKS or BREAK_CLASSES & {*told.get("class", "").split()} else ""


def _plain(text: str) -> str:
    return SPACE.sub(" ", text).strip()
