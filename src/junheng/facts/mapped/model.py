"""What a mapping says: how a form is known, how its schools stand in it, and which cells are which fact."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from junheng.facts.grids import Spot
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS, Column


class Shape(StrEnum):
    """How the schools of a form stand."""

    ROWS = "rows"
    COLUMNS = "columns"
    SINGLE = "single"


SHAPES: Pairs[Shape, str] = MappingProxyType(
    {
        Shape.ROWS: "一行一所学校",
        Shape.COLUMNS: "一列一所学校",
        Shape.SINGLE: "一张表一所学校，或全县一张表",
    }
)
# The columns by which a form names a school; one of them is enough.
NAMING = ("school_code", "school_name")
# What no form says of a school: the county is whoever imports, and a note belongs to the paper it stands on.
NOT_MAPPED = ("county_code", "county_name", "note")
COLUMNS: Pairs[str, Column] = MappingProxyType(
    {name: one for name, one in SCHOOLS.by_name.items() if name not in NOT_MAPPED} | dict(ITEMS)
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A text that must stand in a cell: another year's layout is known by it, and refused."""

    at: Spot
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """Where a number stands: a column, a row or a cell by the shape, and the texts of the headings over it.

    With both, the headings must stand there. Without a place, it is wherever those headings stand.
    """

    at: Spot | None
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the data dictionary (or one of the county's items) and where the form prints it.

    Several terms are added up; where one of them is not reported, the sum is not.
    """

    name: str
    terms: tuple[Term, ...]
    unit: str = ""

    @property
    def column(self) -> Column:
        """The data dictionary's column."""
        return COLUMNS[self.name]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One form's layout as data. Rows and columns count from 1, as a spreadsheet shows them.

    `head_rows` and `head_columns` are the first and last of those in which headings stand, (0, 0) where there are none.
    `begins` is the first row (or column, by the shape) of a school. `years` are those in which a school year of the
    layout begins; none means any. `source` cites where the layout was published; empty, it is the county's own.
    """

    form: str
    name: str
    shape: Shape
    anchors: tuple[Anchor, ...]
    fields: tuple[Field, ...]
    sheet: str = ""
    years: tuple[int, ...] = ()
    source: str = ""
    head_rows: Spot = (0, 0)
    head_columns: Spot = (0, 0)
    begins: int = 0
    blank_is_zero: bool = False

    @property
    def of_county(self) -> bool:
        """Whether the form tells of the county as a whole, and names no school."""
        return all(one.name in ITEMS for one in self.fields)
