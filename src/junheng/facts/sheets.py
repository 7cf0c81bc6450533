"""Files as they stand: one table of text under its headings, from CSV, Parquet or a sheet of a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from junheng.facts.headings import header_row
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import Table

# Every decimal of so many digits survives being kept as a double.
DIGITS_OF_A_DOUBLE = 15
# The encodings that Chinese offices save CSV in: UTF-8, with a byte order mark or without, and GB18030.
ENCODINGS = ("utf-8-sig", "gb18030")
# How the first cell of a template's example row begins; such a row is never read.
EXAMPLE_MARK = "示例行"
# The template's sheet that explains; it is no table.
EXPLANATION_SHEET = "说明"
# The sheet of a workbook that was handed back with its findings; it is no table either.
FINDINGS_SHEET = "问题清单"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands: headings, and a text column under each; `rows` are the row numbers people see."""

    file: str
    headings: list[str]
    header: int
    columns: list[pa.Array]
    rows: list[int]


def read_csv(file: Path, table: Table) -> Sheet:
    """Return the table in a CSV file; `Unusable` where it cannot be decoded or taken apart."""
    try:
        lines = list(csv.reader(io.StringIO(_decoded(file), newline=""), strict=True))
    except (OSError, csv.Error) as error:
        raise unusable(file.name, f"文件读不出来（{error}）", "请检查权限，或另存为 CSV UTF-8 文件") from error
    return from_lines(file.name, lines, table)


def _decoded(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unusable(file.name, "既不是 UTF-8 也不是 GB18030 编码", "请另存为 CSV UTF-8 文件")


def from_lines(file: str, lines: Sequence[Sequence[str]], table: Table) -> Sheet:
    """Return the table in `lines`: titles above its header, blank rows and the example row are passed over."""
    if not any(cell.strip() for line in lines for cell in line):
        raise unusable(file, "是空的，没有表头", "请在第一行写上列名")
    at = header_row(lines, table)
    headings = [heading.strip() for heading in lines[at]]
    numbered = [(row, line) for row, line in enumerate(lines[at + 1 :], at + 2) if _is_data(line)]
    width = len(headings)
    wide = [row for row, line in numbered if any(cell.strip() for cell in line[width:])]
    if wide:
        raise Unusable([Problem(file, "这一行比表头多出了格子", "请检查逗号、引号和表头", row) for row in wide])
    padded = [[*line[:width], *[""] * (width - len(line))] for _, line in numbered]
    columns = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
    rows = [row for row, _ in numbered]
    return Sheet(file, headings, at + 1, columns or [pa.array([], pa.string())] * width, rows)


def _is_data(line: Sequence[str]) -> bool:
    first = next((cell.strip() for cell in line if cell.strip()), "")
    return bool(first) and not first.startswith(EXAMPLE_MARK)


def read_parquet(file: Path, table: Table) -> Sheet:
    """Return the table in a Parquet file; `Unusable` where it cannot be read."""
    try:
        arrow = pq.read_table(file)
        columns = [_as_text(arrow[at].combine_chunks()) for at in range(arrow.num_columns)]
    except (OSError, pa.ArrowException) as error:
        raise unusable(file.name, f"文件读不出来（{error}）", "请重新导出为 Parquet 或 CSV 文件") from error
    return Sheet(file.name, arrow.column_names, 1, columns, list(range(2, arrow.num_rows + 2)))


def _as_text(array: pa.Array) -> pa.Array:
    """Return the cells as the text that a person would have typed; not-a-number is not reported."""
    if pa.types.is_floating(array.type):
        return pa.array([float_text(value) for value in array.to_pylist()], pa.string())
    return array.cast(pa.string())


def float_text(value: float | None) -> str | None:
    """Return `value` in full digits, without the noise of sums in doubles; `inf` stays, to be refused."""
    if value is None or isnan(value):
        return None
    return format(Decimal(f"{value:.{DIGITS_OF_A_DOUBLE}g}"), "f")
