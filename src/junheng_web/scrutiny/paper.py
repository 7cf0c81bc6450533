"""The list of signs as a workbook for the office: a working paper, which says so on every page (P6)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone

from junheng_web.collection.models import Ledger
from junheng_web.scrutiny.selectors import Case, Told

MARK = "工作底稿"
ABOUT = "只供办公室和组长核对用，不是结论，不对外提供，不进评估材料。每一条都可能有正常的原因。"
HEAD = (
    ("学校标识码", 12),
    ("学校", 18),
    ("先后", 7),
    ("迹象", 14),
    ("依据的数", 44),
    ("可能的正常原因", 26),
    ("看什么", 26),
    ("核实", 32),
)
A4, LINE_HEIGHT, LETTERS, HIGHEST = 9, 15, 2, 409
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
            texts = (code, name, *_told(one))
            sheet.set_row(at, _height(texts))
            for column, text in enumerate(texts):
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
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROWS)
    sheet.set_header(f'&C&"宋体,加粗"{MARK}　不对外提供')
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _height(texts: Sequence[str]) -> int:
    """Return how high a row must be for its longest text, as far as Excel goes; a Chinese sign takes two letters."""
    lines = (-(-LETTERS * len(text) // width) for text, (_, width) in zip(texts, HEAD, strict=True))
    return min(HIGHEST, LINE_HEIGHT * max(lines))


def _told(one: Told) -> tuple[str, ...]:
    of, said = one.sign.of, one.verified
    word = f"已核实：{said.note}（{said.by_name}，{timezone.localtime(said.at):%Y-%m-%d}）" if said else ""
    return of.word, of.name, one.sign.told, of.honest, of.remedy, word
