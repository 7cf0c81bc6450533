"""A sheet as it stands: cells of text by row and column, both counted from 1, what is merged, what is faulty."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from junheng.facts.problems import Problem

ADDRESS = re.compile(r"([A-Z]{1,3})?([1-9]\d{0,6})?")
LETTERS = 26
Spot = tuple[int, int]
"""Row and column, from 1; 0 is any."""


def number_of(letters: str) -> int:
    """Return a column's number: A is 1, AA is 27, nothing is 0."""
    number = 0
    for letter in letters:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def letters_of(number: int) -> str:
    """Return a column's letters: 1 is A, 27 is AA, 0 is nothing."""
    letters = ""
    while number:
        number, left = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + left) + letters
    return letters


def spot_of(address: str) -> Spot:
    """Return what E7, E (the whole column) or 7 (the whole row) means. Raises ValueError for anything else."""
    parts = ADDRESS.fullmatch(unicodedata.normalize("NFKC", address).strip().upper())
    if not parts or not parts[0]:
        raise ValueError(address)
    return int(parts[2] or 0), number_of(parts[1] or "")


def ends_of(text: str, axis: int) -> Spot:
    """Return the first and last row (axis 0: 3-5) or column (axis 1: A-B); one stands for both. Raises ValueError."""
    first, _, last = text.partition("-")
    spots = [spot_of(one) for one in (first, last or first)]
    ends = [spot[axis] for spot in spots if spot[axis] and not spot[1 - axis]]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ValueError(text)
    return ends[0], ends[1]


def address_of(spot: Spot) -> str:
    """Return how a spreadsheet calls a cell, a whole column or a whole row."""
    return f"{letters_of(spot[1])}{spot[0] or ''}"


def bare(text: str) -> str:
    """Return a text without blanks and in narrow signs, so that 合 计 is 合计 and （１） is (1)."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: from the first to the last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is one of them."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `faults` are cells without a value: a formula that failed, or one that was never worked out.

    `name` is what readers call it; `sheet` is its own name where that is another one, as in one of many workbooks.
    """

    name: str
    cells: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...] = ()
    faults: Mapping[Spot, Problem] = field(default_factory=dict)
    sheet: str = ""

    @property
    def height(self) -> int:
        """How many rows there are, up to the last that holds something."""
        return len(self.cells)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(map(len, self.cells), default=0)

    def own(self, row: int, column: int) -> str:
        """Return what stands in a cell itself: of merged cells, the first alone holds something."""
        line = self.cells[row - 1] if 0 < row <= len(self.cells) else ()
        return line[column - 1].strip() if 0 < column <= len(line) else ""

    def text(self, row: int, column: int) -> str:
        """Return what a reader sees in a cell: merged cells say what their first one says."""
        if told := self.own(row, column):
            return told
        span = next((one for one in self.spans if one.holds(row, column)), None)
        return self.own(span.top, span.left) if span else ""
