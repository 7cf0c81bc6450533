"""The facts of one reading: every table of the data dictionary as an Arrow table, in the smallest units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from junheng.facts.problems import Problem
from junheng.facts.schema import TABLES, Kind, Table

ARROW_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.INTEGER: pa.int64(),
    Kind.AREA: pa.int64(),
    Kind.MONEY: pa.int64(),
    Kind.RATIO: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema in which `table` stands inside the engine."""
    return pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in table.columns])


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table was read from: its sheet or file, the row that each of its rows stands in, its headings there.

    `cells` names those that stand elsewhere, by the table's row (from 0) and column: sheet, row, heading.
    """

    file: str
    rows: tuple[int, ...]
    headings: Mapping[str, str]
    cells: Mapping[tuple[int, str], tuple[str, int, str]] = field(default_factory=dict)

    def of(self, at: int, column: str, label: str) -> tuple[str, int, str]:
        """Return where a cell stood, by its row (from 0) and column; `label` stands for a heading that is not known."""
        return self.cells.get((at, column)) or (self.file, self.rows[at], self.headings.get(column, label))


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What was reported. `tables` holds every table of the contract, empty where nothing was handed in.

    An empty cell is null: not reported, which is neither zero nor not applicable. `items` are the county table's
    rows that hold a value, typed as `facts.items` says. `remarks` are what the
    reader asks about without refusing: a heading that it does not know, a 无 that may mean 0. `origins` tell of each
    table that was handed in where it stood.
    """

    tables: Mapping[str, pa.Table]
    source: str = ""
    items: Mapping[str, int | bool] = field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def counting_date(self) -> dt.date | None:
        """The day at which the facts were counted, or None where the period table does not say."""
        dates = [date for date in self.tables["period"]["counting_date"].to_pylist() if date]
        return max(dates) if dates else None

    @property
    def counties(self) -> dict[str, str]:
        """The counties that have schools here: code to name, in the order of codes."""
        schools = self.tables["schools"]
        pairs = zip(schools["county_code"].to_pylist(), schools["county_name"].to_pylist(), strict=True)
        names: dict[str, str] = {}
        for code, name in pairs:
            names[code] = names.get(code) or name or ""
        return dict(sorted(names.items()))

    def __repr__(self) -> str:
        rows = "，".join(f"{TABLES[name].label} {len(table)} 行" for name, table in self.tables.items() if len(table))
        return f"<Facts {self.source}：{rows or '没有数据'}>"
