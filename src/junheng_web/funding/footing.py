"""Whether a table of money adds up: each row across, each column down, and both against what is stated.

Pure sums of exact decimals, in whichever unit; the ledger, a file that is brought in and a printed paper ask the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

COLUMNS = ("equipment", "works", "other")
TOTAL = "total"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says: its columns as far as something stands there, and the total that stands beside them."""

    cells: Mapping[str, Decimal] = field(default_factory=dict)
    stated: Decimal | None = None

    def cell(self, column: str) -> Decimal:
        """Return what a column says; an empty one counts as nothing."""
        return self.cells.get(column, NOTHING)

    @property
    def total(self) -> Decimal:
        """What the columns come to."""
        return sum((self.cell(one) for one in COLUMNS), NOTHING)

    @property
    def off(self) -> Decimal:
        """By how much the stated total is more than the columns come to; nothing where none is stated."""
        return NOTHING if self.stated is None else self.stated - self.total


@dataclass(frozen=True, slots=True)
class Footing:
    """The sums of a table: down its columns, across its rows, and how far what is stated is from them."""

    down: Mapping[str, Decimal]
    across: Decimal
    off: Mapping[str, Decimal]
    rows_off: tuple[int, ...] = ()

    @property
    def total(self) -> Decimal:
        """What the columns come to together."""
        return sum(self.down.values(), NOTHING)

    @property
    def agrees(self) -> bool:
        """Whether both ways come to the same, every row adds up, and so does what is stated."""
        return self.across == self.total and not self.rows_off and not any(self.off.values())


def foot(rows: Iterable[Row], stated: Row | None = None) -> Footing:
    """Return the sums of some rows; `stated` is the row of totals below them, or what was decided."""
    known = list(rows)
    down = {column: sum((one.cell(column) for one in known), NOTHING) for column in COLUMNS}
    across = sum((one.total if one.stated is None else one.stated for one in known), NOTHING)
    wrong = tuple(place for place, one in enumerate(known) if one.off)
    return Footing(down, across, _off(down, across, stated), wrong)


def _off(down: Mapping[str, Decimal], across: Decimal, stated: Row | None) -> dict[str, Decimal]:
    """Return by how much each stated sum is more than what the rows come to."""
    if stated is None:
        return {}
    off = {column: stated.cell(column) - down[column] for column in COLUMNS if column in stated.cells}
    return off if stated.stated is None else {**off, TOTAL: stated.stated - across}
