"""The table as a workbook in the shape of 附件3: what it looks like, and a second sheet with the items behind it.

Sums are live formulas with the value beside them, so that a clerk can check a cell by hand (P7).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from junheng.facts.plan_schema import DEEDS
from junheng_web.funding.amounts import quantity_told, wan_of
from junheng_web.funding.calling import Names
from junheng_web.funding.footing import COLUMNS, TOTAL
from junheng_web.funding.models import Item
from junheng_web.funding.tables import Shown, Table
from junheng_web.organisation.models import Area

SHEET, ITEMS = "创建资金明细表", "项目明细"
UNIT = "单位：万元"
# A column of 附件3: what it is called, which text or sum stands there, how wide it is.
SHAPE: tuple[tuple[str, str, int], ...] = (
    ("序号", "", 6),
    ("学校名称", "name", 26),
    ("学校基本规模", "scale", 22),
    ("仪器设备缺额情况", "lacks", 44),
    ("设备资金", "equipment", 12),
    ("维修改造内容", "works_text", 44),
    ("维修改造资金", "works", 14),
    ("其他资金", "other", 12),
    ("合计", TOTAL, 12),
    ("备注", "remark", 30),
)
HEADINGS = tuple(heading for heading, _, _ in SHAPE)
BELOW = "合计"
ITEM_HEADINGS = (
    "编号",
    "学校名称",
    "哪一栏",
    "内容",
    "办什么",
    "数量",
    "单位",
    "金额（万元）",
    "缺口",
    "责任单位",
    "说明",
)
ITEM_WIDTHS = (10, 26, 12, 40, 22, 12, 8, 14, 34, 16, 30)
HEAD_ROW = 2
LETTERS = {name: xlsxwriter.utility.xl_col_to_name(at) for at, (_, name, _) in enumerate(SHAPE)}


def workbook(table: Table, county: Area) -> bytes:
    """Return the table as a workbook; read back it makes the same table."""
    out, names = BytesIO(), Names(county)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        looks = _looks(book)
        _table(book.add_worksheet(SHEET), table, county, names, looks)
        _items(book.add_worksheet(ITEMS), [one for row in table.rows for one in row.items], names, looks)
    return out.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    grid = {"border": 1, "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**grid, "bold": True, "bg_color": "#F0F2F5", "text_wrap": True, "align": "center"}),
        "text": book.add_format({**grid, "text_wrap": True, "num_format": "@"}),
        "sum": book.add_format({**grid, "num_format": "#,##0.######"}),
        "plain": book.add_format({}),
    }


def _table(sheet: Any, table: Table, county: Area, names: Names, looks: dict[str, Any]) -> None:
    sheet.merge_range(0, 0, 0, len(SHAPE) - 1, SHEET, looks["title"])
    sheet.write_string(1, 0, f"填报单位：{county}", looks["plain"])
    sheet.write_string(1, len(SHAPE) - 1, UNIT, looks["plain"])
    for column, (heading, _, width) in enumerate(SHAPE):
        sheet.write_string(HEAD_ROW, column, heading, looks["head"])
        sheet.set_column(column, column, width)
    for place, row in enumerate(table.rows, 1):
        _row(sheet, HEAD_ROW + place, place, row, names.called(row.line), looks)
    _below(sheet, HEAD_ROW + len(table.rows) + 1, table, looks)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


def _row(sheet: Any, at: int, place: int, row: Shown, called: str, looks: dict[str, Any]) -> None:
    texts = {"name": called, "works_text": row.texts["works"]}
    texts |= {name: row.texts[name] for name in ("scale", "lacks", "remark")}
    sheet.write_number(at, 0, place, looks["text"])
    for column, (_, name, _) in enumerate(SHAPE[1:], 1):
        if name in COLUMNS:
            _sum(sheet, at, column, row.sums.get(name), looks["sum"])
        elif name == TOTAL:
            cells = ",".join(f"{LETTERS[one]}{at + 1}" for one in COLUMNS)
            sheet.write_formula(at, column, f"=SUM({cells})", looks["sum"], _number(row.total))
        else:
            sheet.write_string(at, column, texts[name], looks["text"])


def _below(sheet: Any, at: int, table: Table, looks: dict[str, Any]) -> None:
    """Write the sums below the rows, each a formula over its column."""
    totals = dict(table.totals)
    for column, (_, name, _) in enumerate(SHAPE):
        if name in totals:
            over = f"{LETTERS[name]}{HEAD_ROW + 2}:{LETTERS[name]}{max(at, HEAD_ROW + 2)}"
            formula = f"=SUM({over})" if table.rows else "=0"
            sheet.write_formula(at, column, formula, looks["sum"], _number(totals[name]))
        else:
            sheet.write_string(at, column, BELOW if name == "name" else "", looks["head"])


def _sum(sheet: Any, at: int, column: int, value: Decimal | None, look: Any) -> None:
    if value:
        sheet.write_number(at, column, _number(value), look)
    else:
        sheet.write_blank(at, column, None, look)


def _number(yuan: Decimal) -> float:
    """Return a sum in 万元 as a spreadsheet keeps numbers: fifteen digits are more than the largest sum has."""
    return float(wan_of(yuan))


def _items(sheet: Any, items: Sequence[Item], names: Names, looks: dict[str, Any]) -> None:
    for column, (heading, width) in enumerate(zip(ITEM_HEADINGS, ITEM_WIDTHS, strict=True)):
        sheet.write_string(0, column, heading, looks["head"])
        sheet.set_column(column, column, width)
    for at, one in enumerate(items, 1):
        for column, text in enumerate(item_cells(one, names.called(one.line))):
            if ITEM_HEADINGS[column].startswith("金额"):
                sheet.write_number(at, column, _number(one.amount), looks["sum"])
            else:
                sheet.write_string(at, column, text, looks["text"])
    sheet.freeze_panes(1, 1)
    columns = [label for _, label in Item.Column.choices]
    sheet.data_validation(1, 2, max(len(items), 1) + 200, 2, {"validate": "list", "source": columns})


def item_cells(item: Item, called: str = "") -> tuple[str, ...]:
    """Return an item as the texts of its line; `called` is its row's name where the sheet is to be read back."""
    deed = DEEDS.get(item.deed)
    return (
        *(item.code, called or str(item.line), item.get_column_display(), item.name),
        *(deed.label if deed else "", quantity_told(item.quantity).replace(",", ""), deed.unit if deed else ""),
        *(f"{wan_of(item.amount)}", item.key, item.unit.name if item.unit else "", item.remark),
    )
