"""One column of text as the typed, whole-number column of the engine, with a problem for every cell that cannot be.

The work is done on whole columns; Python looks at single cells only where a cell is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.model import ARROW_TYPES
from junheng.facts.problems import Problem
from junheng.facts.schema import FLAGS, Column, Kind, Measure

# A number as people and exports write it: 12, 12.5, 12.50, +3; never 1e5, never 12,5.
NUMBER = r"^[+-]?\d+(\.\d*)?$"
# A code that a spreadsheet has turned into a number (P12): its digits are lost for good.
DAMAGED_CODE = r"^\d+(\.\d+)?[eE]\+\d+$"
DIGITS_READ = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column's cells stand: the file, the heading as printed there, and the row of each cell."""

    file: str
    heading: str
    rows: list[int]


Converted = tuple[pa.Array, list[Problem]]


def convert(texts: pa.Array, column: Column, place: Place) -> Converted:
    """Return the cells of `texts` (strings, null or blank = not reported) as `column` keeps them, and the problems."""
    trimmed = pc.utf8_trim_whitespace(texts)
    cells = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    return CONVERTERS[column.kind](cells, column, place)


def _text(cells: pa.Array, column: Column, place: Place) -> Converted:
    if not column.name.endswith("_code"):
        return cells, []
    damaged = pc.match_substring_regex(cells, DAMAGED_CODE)
    problem = _problem("这个代码已被表格软件改成数字，末尾几位丢失了", "请把该列设为文本格式后重新填写代码")
    return cells, _problems(cells, damaged, place, problem)


def _code(cells: pa.Array, column: Column, place: Place) -> Converted:
    codes = {**{label: code for code, label in column.choices.items()}, **{code: code for code in column.choices}}
    options = "、".join(f"{code}（{label}）" for code, label in column.choices.items())
    return _looked_up(cells, codes, column, place, f"请改为其中之一：{options}")


def _flag(cells: pa.Array, column: Column, place: Place) -> Converted:
    return _looked_up(pc.utf8_lower(cells), FLAGS, column, place, "请填 是 或 否")


def _looked_up(cells: pa.Array, meanings: Mapping[str, object], column: Column, place: Place, remedy: str) -> Converted:
    known = pc.is_in(cells, pa.array(meanings, pa.string()))
    wrong = pc.and_(pc.is_valid(cells), pc.invert(known))
    values = pa.array([meanings.get(cell) for cell in cells.to_pylist()], ARROW_TYPES[column.kind])
    return values, _problems(cells, wrong, place, _problem("不在规定的代码之内", remedy))


def _date(cells: pa.Array, column: Column, place: Place) -> Converted:
    dates = [_read_date(cell) for cell in cells.to_pylist()]
    values = pa.array(dates, pa.date32())
    wrong = pc.and_(pc.is_valid(cells), pc.is_null(values))
    return values, _problems(cells, wrong, place, _problem("不是日期", "请写成 2025-09-01 的样子"))


def _read_date(cell: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((cell or "")[:10].replace("/", "-"))
    except ValueError:
        return None


def _number(cells: pa.Array, column: Column, place: Place) -> Converted:
    measure = column.measure
    problems: list[Problem] = []
    for wrong_cells, problem in _number_rules(column, measure):
        wrong = pc.fill_null(wrong_cells(cells), False)
        problems += _problems(cells, wrong, place, problem)
        cells = pc.if_else(wrong, pa.scalar(None, pa.string()), cells)
    return _scaled(cells, measure), problems


NumberRule = tuple[Callable[[pa.Array], pa.Array], Problem]


def _number_rules(column: Column, measure: Measure) -> list[NumberRule]:
    """Return what is asked of a number, in turn; a cell refused by one rule is not shown to the next."""
    decimals = measure.decimals
    unit = column.unit or "个"
    rules: list[NumberRule] = [
        (
            lambda cells: pc.invert(pc.match_substring_regex(cells, NUMBER)),
            _problem("应当是数字，这里不是", "请只填阿拉伯数字，没有数据就留空"),
        ),
        (
            lambda cells: pc.match_substring_regex(cells, rf"\.\d{{{decimals}}}\d*[1-9]"),
            _problem(f"{column.label}最多 {decimals} 位小数", f"请按{unit}填写，最多 {decimals} 位小数")
            if decimals
            else _problem("应当是整数", "请填整数"),
        ),
        (
            lambda cells: pc.or_(
                pc.greater(pc.utf8_length(cells), DIGITS_READ),
                pc.greater(pc.abs(pc.fill_null(_short_as_decimal(cells), 0)), measure.maximum),
            ),
            _problem(f"超过了可以受理的上限 {measure.maximum:,} {unit}", "请核对单位（万元与元、公顷与平方米）"),
        ),
    ]
    if not measure.signed:
        negative = _problem("不能是负数", "请核对后填写 0 或正数，没有数据就留空")
        rules.insert(1, (lambda cells: pc.match_substring_regex(cells, r"^-.*[1-9]"), negative))
    return rules


def _short_as_decimal(cells: pa.Array) -> pa.Array:
    """Return the cells short enough to be read safely as exact decimals, null elsewhere."""
    short = pc.less_equal(pc.utf8_length(cells), DIGITS_READ)
    return _as_decimal(pc.if_else(short, cells, pa.scalar(None, pa.string())))


def _as_decimal(cells: pa.Array) -> pa.Array:
    whole = pc.replace_substring_regex(cells, r"\.0*$", "")
    return pc.cast(pc.replace_substring_regex(whole, r"^\+|(\.\d{2})0+$", r"\1"), pa.decimal128(34, 2))


def _scaled(cells: pa.Array, measure: Measure) -> pa.Array:
    """Return exact decimals in the smallest unit, as 64-bit integers."""
    scaled = pc.multiply(_as_decimal(cells), pa.scalar(measure.scale, pa.decimal128(3, 0)))
    return pc.cast(scaled, pa.int64())


def _problem(reason: str, remedy: str) -> Problem:
    """Return a problem that still lacks its place; `_problems` puts one at each wrong cell."""
    return Problem("", reason, remedy)


def _problems(cells: pa.Array, wrong: pa.Array, place: Place, problem: Problem) -> list[Problem]:
    indices = pc.indices_nonzero(pc.fill_null(wrong, False)).to_pylist()
    return [
        replace(problem, file=place.file, column=place.heading, row=place.rows[index], value=cells[index].as_py())
        for index in indices
    ]


CONVERTERS: Mapping[Kind, Callable[[pa.Array, Column, Place], Converted]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.FLAG: _flag,
    Kind.DATE: _date,
    Kind.COUNT: _number,
    Kind.INTEGER: _number,
    Kind.AREA: _number,
    Kind.MONEY: _number,
}
