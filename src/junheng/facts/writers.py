"""Facts to files that `readers.load` reads back to the same facts: a folder of CSV or Parquet files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from junheng.facts.model import Facts
from junheng.facts.schema import MEASURES, SCHOOLS, TABLES, Column, Kind

# A 64-bit number has at most so many digits.
DIGITS_KEPT = 19


def write_csv(facts: Facts, folder: Path) -> None:
    """Write each table that has rows into `folder`, as UTF-8 CSV under the English names; not reported is empty."""
    for name, arrow in _handed_in(facts, folder):
        columns = TABLES[name].by_name
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for row in arrow.to_pylist():
                writer.writerow([plain(row[column.name], column) for column in columns.values()])


def write_parquet(facts: Facts, folder: Path) -> None:
    """Write each table that has rows into `folder`, as Parquet under the English names, in written units."""
    for name, arrow in _handed_in(facts, folder):
        columns = {column.name: in_written_units(arrow[column.name], column) for column in TABLES[name].columns}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def _handed_in(facts: Facts, folder: Path) -> Iterator[tuple[str, pa.Table]]:
    """Make the folder, and yield the tables that have rows; schools always stand there."""
    folder.mkdir(parents=True, exist_ok=True)
    return ((name, arrow) for name, arrow in facts.tables.items() if len(arrow) or name == SCHOOLS.name)


def in_written_units(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Return kept values in the written unit: decimals where the data dictionary has them."""
    decimals = column.measure.decimals if column.kind in MEASURES else 0
    if not decimals:
        return values
    unit = pa.scalar(Decimal(1).scaleb(-decimals), pa.decimal128(decimals + 1, decimals))
    return pc.multiply(values.cast(pa.decimal128(DIGITS_KEPT, 0)), unit)


def plain(value: Any, column: Column) -> str:
    """Return a kept value as text in the data dictionary's written unit, without zeros that add nothing."""
    if value is None:
        return ""
    if column.kind is Kind.FLAG:
        return "1" if value else "0"
    if column.kind in MEASURES and column.measure.decimals:
        return scaled(value, column.measure.scale)
    return str(value)


def scaled(value: int, scale: int) -> str:
    """Return a whole number of smallest units in a unit of `scale` of them, exactly."""
    text = format(Decimal(value) / scale, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
