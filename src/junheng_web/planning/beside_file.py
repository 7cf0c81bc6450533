"""Scenarios side by side as a workbook: what is tried, what it comes to, what it costs."""

from __future__ import annotations

from io import BytesIO
from typing import Any


def workbook(told: dict[str, Any]) -> bytes:
    """Return what the page of scenarios side by side shows."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        marked = book.add_format({"text_wrap": True, "valign": "top", "bold": True, "bg_color": "#FFF7E6"})
        sheet = book.add_worksheet("推演比较")
        sheet.set_column(0, 0, 36, wrap)
        sheet.set_column(1, 1 + len(told["scenarios"]), 24, wrap)
        titles = ["", "出发时", *(one["scenario"].name for one in told["scenarios"])]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, head)
        for row, (label, cells) in enumerate(_rows(told), 1):
            sheet.write_string(row, 0, label)
            for column, (text, differs) in enumerate(cells, 1):
                sheet.write_string(row, column, text, marked if differs else wrap)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _rows(told: dict[str, Any]) -> Any:
    yield "改了什么", [("", False), *(("\n".join(one["edits"]), False) for one in told["scenarios"])]
    for row in told["rows"]:
        yield row["label"], [(one["told"], one["differs"]) for one in row["cells"]]
    for label, cells in told["costs"]:
        yield label, [("", False), *((one, False) for one in cells)]
