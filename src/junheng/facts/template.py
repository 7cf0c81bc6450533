"""The workbook for handing in: one sheet a table, with units, drop-downs, notes, and a sheet that explains.

The same writer makes the blank template and a workbook filled with facts; `readers.load` reads either back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from junheng.facts.items import ITEMS
from junheng.facts.model import Facts
from junheng.facts.schema import COUNTY, SCHOOLS, TABLES, Column, Kind, Table
from junheng.facts.sheets import EXAMPLE_MARK, EXPLANATION_SHEET
from junheng.facts.writers import scaled

# Money is typed in 万元, as offices do, and kept in fen.
WAN = 10_000
HEADER_ROWS = 1
ROWS_WITH_DROP_DOWNS = 5000
ITEM_WIDTH = 44
# Notes must be readable at a glance, and a wrong choice must be told in Chinese.
NOTE_SIZE = {"width": 280, "height": 150, "font_size": 9}
REFUSAL = {"error_title": "请从列表里选", "error_message": "这一格只能填下拉列表里的内容，没有数据请留空。"}
# Up to so many rows a workbook is put together in memory: its dozens of temporary files take longer than its cells.
ROWS_IN_MEMORY = 10_000
# What a writer of workbooks makes of texts, and must not make of ours.
CONVERSIONS = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
TEXTS = {Kind.TEXT, Kind.CODE, Kind.DATE}
# What names a row that stands there already, in the tables whose rows are given: it is not to be typed over.
NAMES: Mapping[str, frozenset[str]] = {
    SCHOOLS.name: frozenset({"county_code", "county_name", "school_code", "school_name"}),
    COUNTY.name: frozenset({"item"}),
}
# Sheets are locked against slips, without a password; what does no harm stays allowed.
STILL_ALLOWED = dict.fromkeys(
    (*(f"format_{part}" for part in ("cells", "columns", "rows")), "insert_rows", "delete_rows", "sort", "autofilter"),
    True,
)
FREE = {"locked": False}
# Rows left free between the explanation and the dictionary, for what a workbook says of itself.
FREE_ROWS = 3
# The dictionary on the explaining sheet: how wide what is beside the column's name is.
DICTIONARY = (("列名", 90), ("怎么数", 60), ("数在哪里", 40), ("时间口径", 24), ("从哪里知道的", 50))
FLAG_WORDS = ["是", "否"]
EXPLANATION = (
    "怎么填这个工作簿",
    "1. 每张工作表是一张表，第一行是列名，列名后的括号里是单位。列名和工作表名请不要改。",
    "2. 灰色的“示例行”不会被读取，可以留着，也可以删去。",
    "3. 没有数据就留空。空白是“未报”，不是 0；确实没有的请填 0。",
    "4. 学校标识码等代码请按文本填写，不要让表格软件改成数字。列名和已有的代码锁着，以免误改，没有密码。",
    "5. 带下拉箭头的格子请从列表里选；是否类填 是 或 否。",
    "6. 金额单位是万元，面积单位是平方米，人数、间数填整数。",
    "7. “县级数据”表已列出全部项目，只填“数值”一列，没有数据的留空；这里的金额单位是元。",
    "8. 填完后运行 junheng check 文件名 查问题，junheng assess 文件名 看结论。",
    "9. 每一列怎么数、数在哪一张统计表或台账里，见下表；列名的批注里也有。表号随年度调整，用前请与当年的报表核对。",
)
EXAMPLES = {
    Kind.TEXT: "示例",
    Kind.COUNT: 1,
    Kind.INTEGER: 1,
    Kind.AREA: 100.5,
    Kind.MONEY: 12.34,
    Kind.FLAG: "是",
    Kind.DATE: "2025-09-01",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell to be coloured, with a comment: its table, the row of the facts from 0, the column's English name."""

    table: str
    row: int
    column: str
    colour: str
    comment: str


def write_template(file: Path) -> None:
    """Write the blank workbook, with an example row in each sheet that readers pass over."""
    _write(file, {}, examples=True)


def write_workbook(
    facts: Facts, file: Path, marks: Sequence[Mark] = (), add: Callable[[Any], None] | None = None
) -> None:
    """Write `facts` as a workbook in the template's form; reading it back gives the same facts.

    `marks` colour cells; `add` is given the open workbook and may add sheets after the explanation.
    """
    _write(file, facts.tables, examples=False, marks=marks, add=add)


def write_table(table: Table, rows: Sequence[Mapping[str, Any]], file: Path, explanation: Sequence[str]) -> None:
    """Write one table that stands alone as a workbook with an explaining sheet; without rows, the blank template.

    A row holds the table's columns as the engine keeps them. `readers.load_table` reads the same rows back.
    """
    with _book(file, len(rows) <= ROWS_IN_MEMORY) as book:
        formats = _formats(book)
        _explain(book, explanation, formats)
        _write_table(book.add_worksheet(table.label), table, list(rows), formats, examples=not rows)


def _explain(book: Any, lines: Sequence[str], formats: Mapping[str, Any]) -> Any:
    sheet = book.add_worksheet(EXPLANATION_SHEET)
    sheet.set_column(0, 0, DICTIONARY[0][1])
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats["bold" if row == 0 else "plain"])
    return sheet


def _define(sheet: Any, formats: Mapping[str, Any]) -> None:
    """Write the data dictionary below the explanation: comments are seen one at a time, and are not printed."""
    first = len(EXPLANATION) + FREE_ROWS
    for at, (title, width) in enumerate(DICTIONARY):
        sheet.set_column(at, at, width)
        sheet.write_string(first, at, title, formats["head"])
    for row, cells in enumerate(_dictionary(), first + 1):
        for at, text in enumerate(cells):
            sheet.write_string(row, at, text, formats["defined"])


def _dictionary() -> Iterator[tuple[str, ...]]:
    """Yield each column of each table, then the county's items, as the dictionary tells them."""
    for table, columns in [*((one.label, one.columns) for one in TABLES.values()), (COUNTY.label, ITEMS.values())]:
        for column in columns:
            if told := column.definition:
                name = f"{table}·{column.label}"
                yield name, told.text, told.source.told, column.clock.label, told.source.cited


def cell_of(table: Table, row: int, column: str) -> tuple[int, int]:
    """Return where a row of the facts and a column stand in a workbook that `write_workbook` made, both from 0."""
    return row + HEADER_ROWS, list(table.by_name).index(column)


def heading(column: Column) -> str:
    """Return a column's heading in the workbook: its label, with the unit in which it is typed there."""
    unit = "万元" if column.kind is Kind.MONEY else column.unit
    return f"{column.label}（{unit}）" if unit else column.label


def _write(
    file: Path,
    tables: Mapping[str, pa.Table],
    *,
    examples: bool,
    marks: Sequence[Mark] = (),
    add: Callable[[Any], None] | None = None,
) -> None:
    with _book(file, sum(map(len, tables.values())) <= ROWS_IN_MEMORY) as book:
        formats = _formats(book)
        _define(_explain(book, EXPLANATION, formats), formats)
        if add is not None:
            add(book)
        for table in TABLES.values():
            rows = tables[table.name].to_pylist() if table.name in tables else []
            sheet = book.add_worksheet(table.label)
            _write_table(sheet, table, rows, formats, examples)
            _write_marks(book, sheet, table, rows, [mark for mark in marks if mark.table == table.name])


@contextmanager
def _book(file: Path, in_memory: bool) -> Iterator[Any]:
    """Open a workbook in which texts stay texts. OSError where it cannot be written."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(file), {"in_memory": in_memory, **dict.fromkeys(CONVERSIONS, False)})
    yield book
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.__cause__ or error.__context__ or error from None


def _write_marks(book: Any, sheet: Any, table: Table, rows: list[dict[str, Any]], marks: Sequence[Mark]) -> None:
    """Write each marked cell again, coloured, and hang its comment there."""
    styles: dict[tuple[str, bool], Any] = {}
    for mark in marks:
        column = table.column(mark.column)
        words = column.kind in TEXTS
        if (mark.colour, words) not in styles:
            styles[mark.colour, words] = book.add_format(
                {"bg_color": mark.colour, **FREE, **({"num_format": "@"} if words else {})}
            )
        row, at = cell_of(table, mark.row, mark.column)
        sheet.write_blank(row, at, None, styles[mark.colour, words])
        _write_cell(sheet, row, at, rows[mark.row][mark.column], column, styles[mark.colour, words])
        sheet.write_comment(row, at, mark.comment, {"x_scale": 2, "y_scale": 2})


def _formats(book: Any) -> dict[str, Any]:
    return {
        "plain": book.add_format(),
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}),
        "item": book.add_format({"num_format": "@", "border": 1, "bg_color": "#F2F2F2"}),
        "answer": book.add_format({"num_format": "@", "border": 1, **FREE}),
        "text": book.add_format({"num_format": "@", **FREE}),
        "number": book.add_format(FREE),
        "name": book.add_format({"num_format": "@"}),
        "defined": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
        "example": book.add_format({"italic": True, "font_color": "#808080", **FREE}),
    }


def _write_table(
    sheet: Any, table: Table, rows: Sequence[Mapping[str, Any]], formats: dict[str, Any], examples: bool
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.protect("", STILL_ALLOWED)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.set_row(0, 48)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, 14, formats["text" if column.kind in TEXTS else "number"])
        sheet.write_string(0, at, heading(column), formats["head"])
        sheet.write_comment(0, at, _note(column), NOTE_SIZE)
        _drop_down(sheet, at, column)
    first = HEADER_ROWS
    if examples:
        _write_example(sheet, table, formats["example"])
        first += 1
    if examples and table.name == COUNTY.name:
        _write_items(sheet, first, formats)
    for row, values in enumerate(rows, first):
        for at, column in enumerate(table.columns):
            style = formats["name"] if column.name in NAMES.get(table.name, ()) else None
            _write_cell(sheet, row, at, values[column.name], column, style)


def _write_items(sheet: Any, first: int, formats: dict[str, Any]) -> None:
    """List every item of the county with its unit, so that only values are left to fill in; a blank is not reported."""
    sheet.set_column(0, 0, ITEM_WIDTH, formats["text"])
    for row, item in enumerate(ITEMS.values(), first):
        unit = f"（{item.unit}）" if item.unit else ""
        sheet.write_string(row, 0, item.label + unit, formats["item"])
        sheet.write_comment(row, 0, _note(item).replace("万元，最多六位小数", "元，最多两位小数"), NOTE_SIZE)
        sheet.write_blank(row, 1, None, formats["answer"])
        _drop_down(sheet, 1, item, row, row)


def _note(column: Column) -> str:
    asked = {
        Kind.COUNT: "整数，没有数据留空，确实没有填 0",
        Kind.INTEGER: "整数，可以是负数",
        Kind.AREA: "数字，最多两位小数",
        Kind.MONEY: "数字，单位万元，最多六位小数",
        Kind.RATIO: "数字，如 0.35，最多四位小数",
        Kind.FLAG: "是 或 否",
        Kind.DATE: "日期，如 2025-09-01",
        Kind.CODE: "请从下拉列表里选",
        Kind.TEXT: "文字",
    }
    told = column.definition
    defined = f"\n怎么数：{told.text}\n数在哪里：{told.source.told}" if told else ""
    return f"{column.label}{defined}\n{asked[column.kind]}\n时间口径：{column.clock.label}\n英文列名：{column.name}"


def _drop_down(sheet: Any, at: int, column: Column, first: int = 1, last: int = ROWS_WITH_DROP_DOWNS) -> None:
    words = FLAG_WORDS if column.kind is Kind.FLAG else list(column.choices.values())
    if words:
        sheet.data_validation(first, at, last, at, {"validate": "list", "source": words, **REFUSAL})


def _write_example(sheet: Any, table: Table, style: Any) -> None:
    for at, column in enumerate(table.columns):
        value = next(iter(column.choices.values()), None) or EXAMPLES.get(column.kind, "")
        sheet.write(1, at, f"{EXAMPLE_MARK}（不读取）" if at == 0 else value, style)


def _write_cell(sheet: Any, row: int, at: int, value: Any, column: Column, style: Any = None) -> None:
    text = written(value, column)
    if value is None or text == "":
        return
    if column.kind in {Kind.COUNT, Kind.INTEGER, Kind.AREA, Kind.MONEY}:
        sheet.write_number(row, at, float(text), style)
    else:
        sheet.write_string(row, at, text, style)


def written(value: Any, column: Column) -> str:
    """Return a kept value as the workbook shows it: money in 万元, m2 with decimals, codes by their labels."""
    if value is None:
        return ""
    if column.kind is Kind.MONEY:
        return scaled(value, WAN * column.measure.scale)
    if column.kind is Kind.AREA:
        return scaled(value, column.measure.scale)
    if column.kind is Kind.FLAG:
        return FLAG_WORDS[0] if value else FLAG_WORDS[1]
    return column.choices.get(value, str(value))
