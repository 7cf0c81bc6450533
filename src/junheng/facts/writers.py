"""Facts to files that `readers.load` reads back to the same facts: a folder of CSV files."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from junheng.facts.model import Facts
from junheng.facts.schema import MEASURES, TABLES, Column, Kind


def write_csv(facts: Facts, folder: Path) -> None:
    """Write each table that has rows into `folder`, as UTF-8 CSV under the English names; not reported is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, arrow in facts.tables.items():
        if len(arrow) or name == "schools":
            columns = TABLES[name].by_name
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns)
                for row in arrow.to_pylist():
                    writer.writerow([plain(row[name], column) for name, column in columns.items()])


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
