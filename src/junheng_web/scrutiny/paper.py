"""The list of signs as a workbook for the office: a working paper, which says so on every page (P6)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from junheng_web.collection.models import Ledger
from junheng_web.scrutiny.selectors import Case, Told

MARK = "工作底稿"
ABOUT = "只供办公室和组长核对用，不是结论，不对外提供，不进评估材料。每一条都可能有正常的原因。"
HEAD = (
    ("学校标识码", 16),
    ("学校", 24),
    ("先后", 8),
    ("迹象", 20),
    ("依据的数", 60),
    ("可能的正常原因", 40),
    ("看什么", 40),
    ("核实", 40),
)
TITLE_ROWS = 3


def workbook(ledger: Ledger, found: Sequence[Case], names: Mapping[str, str], today: dt.date, who: str) -> bytes:
    """Return the file, in the order of the page."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        sheet = book.add_worksheet(MARK)
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        _head(sheet, ledger, today, who, bold)
        rows = [(case.school, names.get(case.school, "全县"), one) for case in found for one in case.signs]
        for at, (code, name, one) in enumerate(rows, TITLE_ROWS + 1):
            for column, text in enumerate((code, name, *_told(one))):
                sheet.write_string(at, column, text, wrap)
        sheet.autofilter(TITLE_ROWS, 0, TITLE_ROWS + len(rows), len(HEAD) - 1)
    return into.getvalue()


def _head(sheet: Any, ledger: Ledger, today: dt.date, who: str, bold: Any) -> None:
    invented = "（数据虚构，仅供演示）" if ledger.county.invented else ""
    sheet.write_string(0, 0, f"{MARK}：{ledger.county.name} {ledger} 风险提示{invented}", bold)
    sheet.write_string(1, 0, f"{ABOUT}{today:%Y-%m-%d} 由{who}导出。")
    for column, (text, width) in enumerate(HEAD):
        sheet.write_string(TITLE_ROWS, column, text, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(TITLE_ROWS + 1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROWS)
    sheet.set_header(f'&C&"宋体,加粗"{MARK}　不对外提供')
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _told(one: Told) -> tuple[str, ...]:
    of, said = one.sign.of, one.verified
    word = f"已核实：{said.note}（{said.by_name}，{said.at:%Y-%m-%d}）" if said else ""
    return of.word, of.name, one.sign.told, of.honest, of.remedy, word
