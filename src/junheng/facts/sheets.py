"""Files as they stand: one table of text under its headings, from CSV, Parquet or a sheet of a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from math import isnan
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from junheng.facts.headings import TITLE_ROWS, header_row, known_headings
from junheng.facts.problems import Problem, Unusable, unusable
from junheng.facts.schema import Table

# Every decimal of so many digits survives being kept as a double.
DIGITS_OF_A_DOUBLE = 15
# The encodings that Chinese offices save CSV in: UTF-8, with a byte order mark or without, and GB18030.
ENCODINGS = ("utf-8-sig", "gb18030")
# What a spreadsheet calls 'Unicode text' says so by its first two bytes.
WIDE_ENCODINGS, WIDE_MARKS = ("utf-16",), (b"\xff\xfe", b"\xfe\xff")
# Between the cells of a line: a comma, or what a spreadsheet set up for another country, or 'Unicode text', puts there.
SEPARATORS = (",", ";", "\t")
# Rows under the data that are none: totals, footnotes, who filled the form in. They are remarked on, never read.
TOTAL = re.compile(r"(全[县旗市区])?[合总小共]\s*计[:：]?$")
NO_DATA = re.compile(TOTAL.pattern + r"|(注|说明|备注|(填表|填报|制表|审核|经办)人|(单位|主要)?负责人)\s*[:：]")
# More rows than any table of the facts has: every class of the whole country is some 4 million.
ROWS = 10**7
PLAIN_TYPES = (
    *(pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_null),
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_date, pa.types.is_timestamp),
)
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
    remarks: list[Problem] = field(default_factory=list)


def read_csv(file: Path, table: Table) -> Sheet:
    """Return the table in a CSV file; `Unusable` where it cannot be decoded or taken apart."""
    return from_lines(file.name, csv_lines(file, lambda top: known_headings(top, table)), table)


def csv_lines(file: Path, known: Callable[[Sequence[Sequence[str]]], int]) -> list[list[str]]:
    """Return a CSV file's lines, taken apart where `known` then counts most headings among the first of them.

    Raises `Unusable` where the file cannot be decoded or taken apart.
    """
    try:
        text = _decoded(file)
        separator = max(SEPARATORS, key=lambda one: known(_top(text, one)))
        return list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except OSError as error:
        raise unusable(file.name, f"文件打不开（{error.strerror}）", "请检查权限，或先关闭正在使用它的程序") from error
    except csv.Error as error:
        reason = f"文件读不出来，多半是有引号没有成对（{error}）"
        raise unusable(file.name, reason, "请改正引号，或在 WPS、Excel 里另存为 CSV UTF-8 文件") from error


def _top(text: str, separator: str) -> list[list[str]]:
    """Return the first lines, in which the header stands, taken apart at `separator`."""
    return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), TITLE_ROWS))


def _decoded(file: Path) -> str:
    content = file.read_bytes()
    for encoding in WIDE_ENCODINGS if content.startswith(WIDE_MARKS) else ENCODINGS:
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
    if not known_headings(lines, table):
        reason = f"前 {TITLE_ROWS} 行里没有一个认得的列名"
        raise unusable(file, reason, "请把列名写在前几行，并按模板改列名")
    headings = [heading.strip() for heading in lines[at]]
    filled = [(row, line) for row, line in enumerate(lines[at + 1 :], at + 2) if _is_data(line)]
    numbered = [(row, line) for row, line in filled if not NO_DATA.match(_first(line))]
    remarks = [_passed_over(file, row, line) for row, line in filled if NO_DATA.match(_first(line))]
    width = len(headings)
    wide = [row for row, line in numbered if any(cell.strip() for cell in line[width:])]
    if wide:
        raise Unusable([Problem(file, "这一行比表头多出了格子", "请检查逗号、引号和表头", row) for row in wide])
    padded = [[*line[:width], *[""] * (width - len(line))] for _, line in numbered]
    columns = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
    rows = [row for row, _ in numbered]
    return Sheet(file, headings, at + 1, columns or [pa.array([], pa.string())] * width, rows, remarks)


def _first(line: Sequence[str]) -> str:
    return next((cell.strip() for cell in line if cell.strip()), "")


def _is_data(line: Sequence[str]) -> bool:
    first = _first(line)
    return bool(first) and not first.startswith(EXAMPLE_MARK)


def _passed_over(file: str, row: int, line: Sequence[str]) -> Problem:
    reason = "没有读这一行，它像是合计或表下的说明"
    return Problem(file, reason, "如果是数据，请改掉这一行的第一格", row, value=_first(line))


def read_parquet(file: Path, table: Table) -> Sheet:
    """Return the table in a Parquet file; `Unusable` where it cannot be read."""
    try:
        parquet = pq.ParquetFile(file)
        if parquet.metadata.num_rows > ROWS:
            raise unusable(file.name, f"超过 {ROWS:,} 行", "请分成几份")
        arrow = parquet.read()
    except (OSError, pa.ArrowException) as error:
        raise unusable(file.name, f"文件读不出来（{error}）", "请重新导出为 Parquet 或 CSV 文件") from error
    if strange := [one for one in arrow.schema if not _is_plain(one.type)]:
        reason = "这一列不是一格一个数或一段文字（类型 {}）"
        remedy = "请导出为整数、小数、文本或日期列"
        raise Unusable([Problem(file.name, reason.format(one.type), remedy, 1, one.name) for one in strange])
    names = [name.strip() for name in arrow.column_names]
    if not known_headings([names], table):
        raise unusable(file.name, "没有一个认得的列名", "请按数据字典改列名")
    columns = [_as_text(arrow[at].combine_chunks()) for at in range(arrow.num_columns)]
    return Sheet(file.name, names, 1, columns, list(range(2, arrow.num_rows + 2)))


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a column of this type holds one number, text, date or yes-or-no a cell."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(test(kind) for test in PLAIN_TYPES)


def _as_text(array: pa.Array) -> pa.Array:
    """Return the cells as the text that a person would have typed; not-a-number is not reported."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_float64(array.type):
        return pa.array([float_text(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_floating(array.type):
        texts = array.cast(pa.float32()).cast(pa.string()).to_pylist()
        return pa.array([None if text in (None, "nan") else format(Decimal(text), "f") for text in texts], pa.string())
    return array.cast(pa.string())


def float_text(value: float | None) -> str | None:
    """Return `value` in full digits, without the noise of sums in doubles; `inf` stays, to be refused."""
    if value is None or isnan(value):
        return None
    text = f"{value:.{DIGITS_OF_A_DOUBLE}g}"
    return format(Decimal(text), "f") if "e" in text or "n" in text else text
