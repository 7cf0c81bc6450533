"""The blank workbook of the planner's terms: prices and limits are listed with their units, only numbers are left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from junheng.facts.plan_schema import DEEDS, DISTANCES, LIMITED, LIMITS, PLAN_TABLES, PRICED, PRICES
from junheng.facts.schema import Kind, Table
from junheng.facts.sheets import EXPLANATION_SHEET

WIDTH, WIDEST = 16, 34
OF = {"county": "全县", "school": "每所学校，或写明一所", "both": "全县，或写明一所学校"}
EXPLANATION = (
    "做方案要的价格、限制和路程",
    "1. 价格：没有填单价的事项，方案里就不会用。单价按元；每校开工固定费用是一所学校只要动工就要付的钱。",
    "2. 价格来源必填：询价单、造价文件、工资文件等，写清日期。方案只和价格一样可靠。",
    "3. 限制：没有填的就是不限。学校标识码留空是对全县（或对每所学校）的限制，写了是对这所学校的。",
    "4. 超过标准值的余量不填按 3%；交流后每校教师不少于现有的 100%；常年费用按 1 年计；室外施工按 4 到 10 月。",
    "5. 路程：没有路程表，交流不看远近；限了最远路程，没有写路程的两校之间就不交流。",
    "6. 填完后运行 junheng plan 数据文件 --prices 本文件 --limits 本文件 --distances 本文件。",
)


def write_plan_template(file: Path) -> None:
    """Write the blank workbook of prices, limits and distances."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), {"in_memory": True, "strings_to_formulas": False}) as book:
        _explain(book)
        add_plan_sheets(book, {PRICES.name: _prices(), LIMITS.name: _limits(), DISTANCES.name: ()})


def add_plan_sheets(book: Any, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Add the planner's tables to an open workbook: rows of numbers and texts, in written units."""
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "border": 1, "valign": "top"})
    for name, own in rows.items():
        _sheet(book, PLAN_TABLES[name], own, head)


def _explain(book: Any) -> None:
    sheet = book.add_worksheet(EXPLANATION_SHEET)
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(EXPLANATION):
        sheet.write_string(row, 0, line)


def _sheet(book: Any, table: Table, rows: Iterable[Mapping[str, Any]], head: Any) -> None:
    sheet, text = book.add_worksheet(table.label), book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(table.columns):
        words = column.kind in (Kind.TEXT, Kind.DATE)
        wide = WIDEST if column.choices or column.name == "note" else WIDTH
        sheet.set_column(at, at, wide, text if words else None)
        sheet.write_string(0, at, f"{column.label}（{column.unit}）" if column.unit else column.label, head)
    names = list(table.by_name)
    for row, values in enumerate(rows, 1):
        for name, value in values.items():
            if isinstance(value, str):
                sheet.write_string(row, names.index(name), value, text)
            elif value is not None:
                sheet.write_number(row, names.index(name), value)


def _prices() -> Iterator[dict[str, str]]:
    for item, label in PRICED.items():
        unit = DEEDS[item].unit if item in DEEDS else "公里"
        yield {"item": label, "note": f"元/{unit}"}


def _limits() -> Iterator[dict[str, str]]:
    for limit in LIMITED.values():
        yield {"item": limit.label, "note": f"{limit.unit}；{OF[limit.of]}"}
