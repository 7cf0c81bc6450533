"""The application form as plain values: every cell with its value, the text as printed, and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

Value = Fraction | float | int | bool | str | None

# How a cell stands. `open` is to be filled in by the county; `missing` has not been reported; `empty` prints nothing.
STATES = ("known", "open", "missing", "undetermined", "not_applicable", "empty")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a cell comes from: one of `KINDS`, with the names that find it again.

    `indicator` or `requirement` (with its part, or a school and stage) has a trace; `fact` is a column of schools,
    added up; `item` is one of the county's; `basics` was given for the form; `form` follows from its other cells.
    """

    kind: str
    name: str
    part: str = ""
    stage: str = ""
    school_code: str = ""


KINDS = ("indicator", "requirement", "fact", "item", "basics", "form")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `value` is unrounded, in the unit that `unit` names times `scale`; `text` is what is printed.

    `lacking` names the schools without whose report there is no value. A cell made of several figures holds them in
    `fields`, each under its `key`.
    """

    text: str
    value: Value = None
    state: str = "known"
    key: str = ""
    label: str = ""
    unit: str = ""
    decimals: int | None = None
    scale: int = 1
    source: Source | None = None
    lacking: tuple[str, ...] = ()
    hidden: bool = False
    fields: tuple[Cell, ...] = ()

    @property
    def every(self) -> Iterator[Cell]:
        """The cell's figures, or itself where it is one."""
        yield from self.fields or (self,)

    def field(self, key: str) -> Cell:
        """Return the figure under `key`. KeyError for none such."""
        return {one.key: one for one in self.fields}[key]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is of (a stage, a school, a requirement), and its cells from the left."""

    key: str
    cells: tuple[Cell, ...]
    stage: str = ""
    school_code: str = ""
    school_type: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, code on the form (L1), heading, share of the width, and the group over it, if any."""

    key: str
    code: str
    heading: str
    share: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the form, as it is printed."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    counts: tuple[Cell, ...] = ()
    landscape: bool = False

    @property
    def short(self) -> str:
        """The table's number as it is spoken of: 表Ⅱ-1."""
        return self.title.partition("　")[0]

    def cell(self, row: str, column: str) -> Cell:
        """Return a cell by its row's and column's keys. KeyError for none such."""
        at = [one.key for one in self.columns].index(column)
        return self.row(row).cells[at]

    def row(self, key: str) -> Row:
        """Return a row by its key. KeyError for none such."""
        return {one.key: one for one in self.rows}[key]


@dataclass(frozen=True, slots=True)
class Outside:
    """A section that no table of schools lists: it is not in the sample, or it is not `known` whether it is."""

    school_code: str
    school_name: str
    school_type: str
    stage: str
    why: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class FormFinding:
    """Something that does not foot: where, what, and what to do, in Chinese. `row` and `column` are keys."""

    check: str
    table: str
    row: str
    column: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Open:
    """A figure that the form still lacks: to be filled in by the county (`open`), or not reported (`missing`).

    `where` says in Chinese where it stands; `lacking` names the schools that have not reported.
    """

    where: str
    table: str
    row: str
    column: str
    label: str
    state: str
    lacking: tuple[str, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class Form:
    """One county's application form. `layout` says of each part how its layout is known."""

    title: str
    county_code: str
    county_name: str
    standard: str
    as_of: dt.date
    source: str
    layout: Mapping[str, str]
    invented: str
    cover: tuple[Cell, ...]
    tables: Mapping[str, Table]
    outside: tuple[Outside, ...]

    def __repr__(self) -> str:
        return f"<Form {self.county_name or self.county_code}：{len(self.tables)} 张表，{len(self.open)} 处未填>"

    @property
    def open(self) -> tuple[Open, ...]:
        """Every figure that the form still lacks, in the order of its pages; none under a column that is not one."""
        cells = (one for table in self.tables.values() for one in _open_cells(table))
        return (*self._open_cover(), *cells, *self._open_sample())

    def _open_sample(self) -> Iterator[Open]:
        for one in self.outside:
            if not one.known:
                source = Source("fact", "school_type", stage=one.stage, school_code=one.school_code)
                key = f"{one.stage}:{one.school_code}"
                where = f"{self.tables['II-2'].short} {one.school_name}"
                yield Open(where, "II-2", key, "name", "是否纳入样本", "missing", (one.school_name,), source)

    def _open_cover(self) -> Iterator[Open]:
        for one in self.cover:
            if one.state == "open":
                yield Open("封面", "cover", "", one.key, one.label, one.state, (), one.source)


def _open_cells(table: Table) -> Iterator[Open]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            for one in cell.every:
                if one.state in {"open", "missing"}:
                    label = one.label or column.heading
                    where = f"{table.short} {row.cells[1].text if row.school_code else row.key}"
                    yield Open(
                        where, table.id, row.key, one.key or column.key, label, one.state, one.lacking, one.source
                    )
