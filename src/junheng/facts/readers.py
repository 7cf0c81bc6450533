"""Readers: a folder of .csv or .parquet files, one per table, as `Facts`; or every reason why it cannot be used."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from junheng.facts.cells import Place, convert
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import SCHOOLS, TABLES, Column, Table

# Every decimal of so many digits survives being kept as a double.
DIGITS_OF_A_DOUBLE = 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it stands: headings, and a text column under each; `rows` are the file's row numbers."""

    file: str
    headings: list[str]
    columns: list[pa.Array]
    rows: list[int]


def load(path: str | Path) -> Facts:
    """Read the facts at `path`, a folder with one .csv or .parquet file per table.

    Raises `Unusable` with every problem in every file; a table without rows is usable.
    """
    folder = Path(path)
    files = _table_files(folder)
    reading = [_read_table(table, files.get(table.name)) for table in TABLES.values()]
    problems = [problem for one in reading for problem in one.problems]
    if problems:
        raise Unusable(problems)
    tables = {one.table.name: one.arrow for one in reading}
    return Facts(tables, str(folder), tuple(name for one in reading for name in one.ignored))


def _table_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise unusable(str(folder), "没有这个文件夹", "请给出存放各表 .csv 或 .parquet 文件的文件夹")
    found: dict[str, Path] = {}
    problems = []
    for file in sorted(folder.iterdir()):
        name = _table_name(file)
        if name in found:
            reason = f"与 {found[name].name} 是同一张表（{TABLES[name].label}）"
            problems.append(Problem(file.name, reason, "请只留一个文件"))
        elif name:
            found[name] = file
    if SCHOOLS.name not in found:
        problems.append(Problem(str(folder), "文件夹里没有学校表", "请放入 schools.csv 或 schools.parquet"))
    if problems:
        raise Unusable(problems)
    return found


def _table_name(file: Path) -> str:
    names = {**{table.label: name for name, table in TABLES.items()}, **{name: name for name in TABLES}}
    return names.get(file.stem, "") if file.suffix.lower() in READERS else ""


@dataclass(frozen=True, slots=True)
class _Reading:
    table: Table
    arrow: pa.Table
    problems: list[Problem]
    ignored: list[str]


def _read_table(table: Table, file: Path | None) -> _Reading:
    if file is None:
        return _Reading(table, arrow_schema(table).empty_table(), [], [])
    try:
        sheet = READERS[file.suffix.lower()](file)
    except Unusable as error:
        return _Reading(table, arrow_schema(table).empty_table(), list(error.problems), [])
    return _typed(table, sheet)


def _typed(table: Table, sheet: Sheet) -> _Reading:
    positions, problems = _positions(table, sheet)
    arrays = []
    for column in table.columns:
        array, found = _typed_column(column, sheet, positions.get(column.name))
        arrays.append(array)
        problems += found
    arrow = _keys_filled(table, pa.Table.from_arrays(arrays, schema=arrow_schema(table)))
    headings = "+".join(sheet.headings[positions[name]] for name in table.key if name in positions)
    problems += _duplicate_keys(table, arrow, sheet, headings)
    known = set(positions.values())
    ignored = [f"{sheet.file}：{name}" for at, name in enumerate(sheet.headings) if name and at not in known]
    return _Reading(table, arrow, sorted(problems, key=lambda problem: problem.row or 0), ignored)


def _typed_column(column: Column, sheet: Sheet, position: int | None) -> tuple[pa.Array, list[Problem]]:
    if position is None:
        return pa.nulls(len(sheet.rows), arrow_schema(Table("", "", (column,))).field(0).type), []
    return convert(sheet.columns[position], column, Place(sheet.file, sheet.headings[position], sheet.rows))


def _positions(table: Table, sheet: Sheet) -> tuple[dict[str, int], list[Problem]]:
    """Return where each known column stands, and a problem for a column that stands twice."""
    names = {**{column.label: column.name for column in table.columns}, **{name: name for name in table.by_name}}
    positions: dict[str, int] = {}
    problems = []
    for at, heading in enumerate(sheet.headings):
        name = names.get(heading)
        if name in positions:
            first = sheet.headings[positions[name]]
            problems.append(Problem(sheet.file, f"与「{first}」列重复", "请只留一列", row=1, column=heading))
        elif name:
            positions[name] = at
    return positions, problems


def _keys_filled(table: Table, arrow: pa.Table) -> pa.Table:
    """Return the table with an empty text where a part of its key is not reported, so that rows can be told apart."""
    for name in table.key:
        at = arrow.schema.get_field_index(name)
        arrow = arrow.set_column(at, arrow.schema.field(at), arrow[name].combine_chunks().fill_null(""))
    return arrow


def _duplicate_keys(table: Table, arrow: pa.Table, sheet: Sheet, headings: str) -> Iterator[Problem]:
    if not table.key:
        return
    rows = defaultdict(list)
    for row, key in zip(sheet.rows, zip(*(arrow[name].to_pylist() for name in table.key), strict=True), strict=True):
        rows[key].append(row)
    labels = "+".join(table.column(name).label for name in table.key)
    for key, places in rows.items():
        for row in places[1:]:
            reason = f"{labels}与第 {places[0]} 行相同"
            yield Problem(sheet.file, reason, "请删去一行或改正代码", row, headings, "+".join(filter(None, key)))


def _read_csv(file: Path) -> Sheet:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unusable(file.name, f"文件读不出来（{error}）", "请另存为 UTF-8 编码的 CSV 文件") from error
    if not lines:
        raise unusable(file.name, "文件是空的，没有表头", "请在第一行写上列名")
    return _sheet(file.name, lines)


def _sheet(file: str, lines: list[list[str]]) -> Sheet:
    headings = [heading.strip() for heading in lines[0]]
    numbered = [(row, line) for row, line in enumerate(lines[1:], 2) if any(cell.strip() for cell in line)]
    width = len(headings)
    wide = [row for row, line in numbered if any(cell.strip() for cell in line[width:])]
    if wide:
        raise Unusable([Problem(file, "这一行比表头多出了格子", "请检查逗号和引号", row) for row in wide])
    padded = [(line + [""] * width)[:width] for _, line in numbered]
    columns = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
    return Sheet(file, headings, columns or [pa.array([], pa.string())] * width, [row for row, _ in numbered])


def _read_parquet(file: Path) -> Sheet:
    try:
        arrow = pq.read_table(file)
        columns = [_as_text(arrow[at].combine_chunks()) for at in range(arrow.num_columns)]
    except (OSError, pa.ArrowException) as error:
        raise unusable(file.name, f"文件读不出来（{error}）", "请重新导出为 Parquet 或 CSV 文件") from error
    return Sheet(file.name, arrow.column_names, columns, list(range(2, arrow.num_rows + 2)))


def _as_text(array: pa.Array) -> pa.Array:
    """Return the cells as the text that a person would have typed; not-a-number is not reported."""
    if pa.types.is_floating(array.type):
        return pa.array([_float_text(value) for value in array.to_pylist()], pa.string())
    return array.cast(pa.string())


def _float_text(value: float | None) -> str | None:
    """Return `value` in full digits, without the noise of sums in doubles; `inf` stays, to be refused."""
    if value is None or isnan(value):
        return None
    return format(Decimal(f"{value:.{DIGITS_OF_A_DOUBLE}g}"), "f")


READERS: Mapping[str, Callable[[Path], Sheet]] = {".csv": _read_csv, ".parquet": _read_parquet}
