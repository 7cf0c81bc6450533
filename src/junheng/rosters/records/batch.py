"""Parts of the rosters that are counted at once: to open files and to plan statements costs one as much as sixteen.

Each part has a number, which stands in a column `part` of every table until the counts are taken apart again: a text
in each row would be dearer. What a part comes to does not depend on which others were read beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from junheng.rosters.records.model import Asked
from junheng.rosters.records.schema import PEOPLE
from junheng.rosters.records.sources import Found, Rosters
from junheng.sql.files import PARQUET

# Folders that engines name as they stand: a leading nought, a date or a blank might come back as another text.
KEY = re.compile(r"([a-z]\w*)=(0|[1-9][0-9]*)", re.ASCII)
# So many are a whole number on every engine.
DIGITS = 18


@dataclass(frozen=True)
class Batch:
    """Some parts of the rosters, and what is asked of them."""

    rosters: Rosters
    parts: Sequence[str]
    asked: Asked

    def files(self, table: str) -> list[Found]:
        """Return the files of a table in these parts: of pupils and of things those of every year that is asked."""
        return [one for part in self.parts for one in self.of(table, part)]

    def of(self, table: str, part: str) -> list[Found]:
        """Return the files of a table in one part."""
        years = frozenset({self.asked.year}) if table == "teachers" else self.asked.years
        return self.rosters.of(table, part, years)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each part."""
        if len(self.parts) == 1:
            return {self.parts[0]: 0}
        steps, rows = self._steps, self._keys[1]
        numbers = (sum(int(one) * step for one, step in zip(row, steps, strict=True)) for row in rows)
        return dict(zip(self.parts, numbers, strict=True))

    @property
    def place(self) -> str:
        """The SQL that makes a part's number of the folders."""
        if len(self.parts) == 1:
            return "0"
        cells = zip(self._keys[0], self._steps, strict=True)
        return " + ".join(f"CAST({name} AS BIGINT) * {step}" for name, step in cells)

    def is_alike(self) -> bool:
        """Whether all parts can be read at once: numbered by their folders, of Parquet with the same columns."""
        keys = [KEY.fullmatch(key) for part in self.parts for key in part.split("/")]
        if not all(key and key[1] not in (*PEOPLE["pupils"].by_name, *PEOPLE["teachers"].by_name) for key in keys):
            return False
        return sum(self._widths) <= DIGITS and all(_of_one_shape(self.files(table)) for table in ("pupils", "teachers"))

    @cached_property
    def _keys(self) -> tuple[list[str], list[list[str]]]:
        """The names of the folders, and for each part their values."""
        pairs = [[key.split("=") for key in part.split("/")] for part in self.parts]
        return [name for name, _ in pairs[0]], [[value for _, value in pair] for pair in pairs]

    @property
    def _widths(self) -> list[int]:
        return [max(len(one) for one in column) for column in zip(*self._keys[1], strict=True)]

    @property
    def _steps(self) -> list[int]:
        return [10 ** sum(self._widths[at + 1 :]) for at in range(len(self._widths))]


def _of_one_shape(found: Sequence[Found]) -> bool:
    """Whether all files are of Parquet and have the same columns of the same types, as far as they can be read."""
    shapes = set()
    for one in found:
        if one.form != PARQUET:
            return False
        try:
            with pq.ParquetFile(one.file) as opened:
                columns = [opened.schema.column(at) for at in range(len(opened.schema.names))]
        except (OSError, pa.ArrowException):
            return False
        shapes.add(tuple((column.path, column.physical_type, str(column.logical_type)) for column in columns))
    return len(shapes) <= 1


def with_part(table: pa.Table, part: str | int) -> pa.Table:
    """Return a table with a column that says of which part it is."""
    return table.append_column("part", pa.repeat(pa.scalar(part), len(table)))


def taken_apart(table: pa.Table, numbers: Mapping[str, int]) -> dict[str, pa.Table]:
    """Return the rows of each part, without the column that told them apart; their order stays."""
    own, rest = table["part"].to_numpy(), table.drop_columns(["part"])
    if np.any(own[1:] < own[:-1]):
        order = np.argsort(own, kind="stable")
        own, rest = own[order], rest.take(order)
    bounds = {part: np.searchsorted(own, [at, at + 1]) for part, at in numbers.items()}
    return {part: rest.slice(start, end - start).combine_chunks() for part, (start, end) in bounds.items()}
