"""One column of text as the typed, whole-number column of the engine, with a problem for every cell that cannot be.

The work is done on whole columns; Python looks at single cells only where a cell is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.model import ARROW_TYPES
from junheng.facts.problems import Problem
from junheng.facts.schema import FLAGS, MEASURES, Column, Kind

# A number as people and exports write it: 12, 12.5, 12.50, +3; never 1e5, never 12,5.
NUMBER = r"^[+-]?\d+(\.\d*)?$"
# Thousands separated as they should be: 1,234,567.89; the commas are taken out before the number is read.
THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
# What offices write for 'not reported'. 无 is one of them and may also mean 0: it is read, with a question.
BLANKS = ("", "-", "--", "—", "——", "–", "/", "\\", "…", "……", "未报", "未填", "空")
NONE_OR_ZERO = "无"
# Full-width digits and signs, and the kinds of blank that a cell may begin or end with.
FULL_WIDTH = {chr(0xFF01 + at): chr(0x21 + at) for at in range(94)} | {"\u3000": " ", "\xa0": " "}
FULL_WIDTH_TABLE = str.maketrans(FULL_WIDTH)
# A code that a spreadsheet has turned into a number (P12): its digits are lost for good.
DAMAGED_CODE = r"^\d+(\.\d+)?[eE]\+?\d+$"
# Four digits of a year that somebody now living may mean; a time after it does not matter.
YEAR = "((?:19|20|21)\\d\\d)"
DATE = re.compile(rf"{YEAR}(?:[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?|(\d\d)(\d\d))(?:[ T].*)?$")
SERIAL_DATE = r"^\d{5}$"
# Characters that no form prints and a terminal would obey; tabs and line breaks are text.
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
DIGITS_READ = 30
NO_DATE = Problem("", "不是日期", "请写成 2025-09-01 的样子")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column's cells stand: file, heading as printed, each cell's row.

    `factor` is how many written units of the data dictionary one `unit` is, a power of ten: 10,000 for 万元.
    """

    file: str
    heading: str
    rows: list[int]
    factor: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A column as the engine keeps it, what makes it unusable, and what is only worth a remark."""

    values: pa.Array
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def convert(texts: pa.Array, column: Column, place: Place) -> Converted:
    """Return the cells of `texts` (strings, null or blank = not reported) as `column` keeps them."""
    prose = column.kind is Kind.TEXT and not column.name.endswith("_code")
    trimmed = pc.utf8_trim_whitespace(texts if prose else _narrow(texts))
    return CONVERTERS[column.kind](_blanks_null(trimmed), column, place)


def _narrow(texts: pa.Array) -> pa.Array:
    """Return full-width digits, letters and signs as the narrow ones that they stand for."""
    if pc.any(pc.match_substring_regex(texts, "[\uff01-\uff5e\u3000\xa0]")).as_py():
        texts = pa.array([None if text is None else text.translate(FULL_WIDTH_TABLE) for text in texts.to_pylist()])
    return texts.cast(pa.string())


def _blanks_null(cells: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(cells, pa.array(BLANKS)), None, cells)


def _text(cells: pa.Array, column: Column, place: Place) -> Converted:
    unseen = _problem("里面有看不见的控制字符", "请删去重填，不要从别的软件里直接粘贴")
    problems = _problems(cells, pc.match_substring_regex(cells, CONTROLS), place, unseen)
    if column.name.endswith("_code"):
        lost = _problem("这个代码已被表格软件改成数字，末尾几位丢失了", "请把该列设为文本格式后重新填写代码")
        problems += _problems(cells, pc.match_substring_regex(cells, DAMAGED_CODE), place, lost)
    return Converted(cells, problems)


def _code(cells: pa.Array, column: Column, place: Place) -> Converted:
    codes = {**{label: code for code, label in column.choices.items()}, **{code: code for code in column.choices}}
    options = "、".join(f"{code}（{label}）" for code, label in column.choices.items())
    return _looked_up(cells, codes, column, place, f"请改为其中之一：{options}")


def _flag(cells: pa.Array, column: Column, place: Place) -> Converted:
    return _looked_up(pc.utf8_lower(cells), FLAGS, column, place, "请填 是 或 否")


def _looked_up(cells: pa.Array, meanings: Mapping[str, object], column: Column, place: Place, remedy: str) -> Converted:
    known = pc.is_in(cells, pa.array(meanings))
    wrong = pc.and_(pc.is_valid(cells), pc.invert(known))
    values = pa.array([meanings.get(cell) for cell in cells.to_pylist()], ARROW_TYPES[column.kind])
    return Converted(values, _problems(cells, wrong, place, _problem("不在规定的代码之内", remedy)))


def _date(cells: pa.Array, column: Column, place: Place) -> Converted:
    dates = [_read_date(cell) for cell in cells.to_pylist()]
    values = pa.array(dates, pa.date32())
    wrong = pc.and_(pc.is_valid(cells), pc.is_null(values))
    serial = pc.and_(wrong, pc.match_substring_regex(cells, SERIAL_DATE))
    counted = _problem("是一个数字，像表格软件里日期的序号", "请把单元格设为日期格式，或写成 2025-09-01 的样子")
    found = _problems(cells, serial, place, counted)
    return Converted(values, [*found, *_problems(cells, pc.and_not(wrong, serial), place, NO_DATE)])


def _read_date(cell: str | None) -> dt.date | None:
    """Return the date that 2025-09-01, 2025/9/1, 2025.9.1, 20250901 or 2025年9月1日 means; None for anything else."""
    parts = DATE.match(cell) if cell else None
    try:
        return parts and dt.date(*(int(part) for part in parts.groups() if part))
    except ValueError:
        return None


def _number(cells: pa.Array, column: Column, place: Place) -> Converted:
    remarks = _problems(
        cells, pc.equal(cells, NONE_OR_ZERO), place, _problem("写的是“无”，已按未报处理", "如果确实是零，请改填 0")
    )
    cells = pc.if_else(pc.equal(cells, NONE_OR_ZERO), None, cells)
    grouped = pc.match_substring_regex(cells, THOUSANDS)
    cells = pc.if_else(grouped, pc.replace_substring(cells, ",", ""), cells)
    problems: list[Problem] = []
    for rule in number_rules(column, place):
        wrong = pc.fill_null(rule.refuses(cells), False)
        problems += _problems(cells, wrong, place, rule.problem)
        cells = pc.if_else(wrong, None, cells)
    return Converted(_scaled(cells, column.measure.scale * place.factor), problems, remarks)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of a number as text, and the problem of one that is refused.

    It must match `pattern`, or must not (`wanted`); without a pattern it is at most `maximum`.
    """

    problem: Problem
    pattern: str = ""
    wanted: bool = False
    maximum: int = 0

    def refuses(self, cells: pa.Array) -> pa.Array:
        """Return which cells are refused."""
        if not self.pattern:
            return _above(cells, self.maximum)
        matched = pc.match_substring_regex(cells, self.pattern)
        return pc.invert(matched) if self.wanted else matched


def number_rules(column: Column, place: Place) -> list[Rule]:
    """Return what is asked of a number, in turn; a cell refused by one rule is not shown to the next.

    Full-width signs, blanks and the commas of thousands are out of the text before. A browser can ask the same.
    """
    measure, factor = column.measure, place.factor
    decimals = measure.decimals + len(str(factor)) - 1
    unit = place.unit or ("万元" if factor > 1 else column.unit or "个")
    most = measure.maximum // factor
    number = _problem("应当是数字，这里不是", "请只填阿拉伯数字，没有数据就留空")
    negative = _problem("不能是负数", "请核对后填写 0 或正数，没有数据就留空")
    finer = _problem(f"{column.label}最多 {decimals} 位小数", f"请按{unit}填写，最多 {decimals} 位小数")
    above = _problem(f"超过了可以受理的上限 {most:,} {unit}", "请核对单位（万元与元、公顷与平方米）")
    return [
        Rule(number, NUMBER, wanted=True),
        *([] if measure.signed else [Rule(negative, r"^-.*[1-9]")]),
        Rule(finer if decimals else _problem("应当是整数", "请填整数"), rf"\.\d{{{decimals}}}\d*[1-9]"),
        Rule(above, maximum=most),
    ]


def typed_rules(column: Column, factor: int) -> list[Rule]:
    """Return what is asked of a text in a column before anybody reads it, in turn: of a number, of a day.

    For whoever has the text alone, such as a page in a browser; `factor` is that of `Place`.
    """
    if column.kind is Kind.DATE:
        return [Rule(NO_DATE, f"^{DATE.pattern}", wanted=True)]
    return number_rules(column, Place("", column.label, [], factor)) if column.kind in MEASURES else []


def _above(cells: pa.Array, maximum: int) -> pa.Array:
    """Whether a number is above `maximum`, also where it has too many digits to be read."""
    short = pc.less_equal(pc.utf8_length(cells), DIGITS_READ)
    readable = _as_decimal(pc.if_else(short, cells, None))
    return pc.or_kleene(pc.invert(short), pc.greater(pc.abs(readable), maximum))


DECIMALS_READ = 6


def _as_decimal(cells: pa.Array) -> pa.Array:
    """Return numbers in text as exact decimals; zeros beyond the decimals that are read are taken off first."""
    short = pc.replace_substring_regex(cells, rf"(\.\d{{{DECIMALS_READ}}})0+$", r"\1")
    return pc.cast(short, pa.decimal128(DIGITS_READ + DECIMALS_READ, DECIMALS_READ))


def _scaled(cells: pa.Array, scale: int) -> pa.Array:
    """Return exact decimals in the smallest unit, as 64-bit integers."""
    decimals = _as_decimal(cells).cast(pa.decimal128(24, DECIMALS_READ))
    return pc.cast(pc.multiply(decimals, pa.scalar(scale, pa.decimal128(7, 0))), pa.int64())


def _problem(reason: str, remedy: str) -> Problem:
    """Return a problem that still lacks its place; `_problems` puts one at each wrong cell."""
    return Problem("", reason, remedy)


def _problems(cells: pa.Array, wrong: pa.Array, place: Place, problem: Problem) -> list[Problem]:
    indices = pc.indices_nonzero(wrong).to_pylist()
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
    Kind.RATIO: _number,
}
