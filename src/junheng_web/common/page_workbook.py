"""The workbook of a page's tables: asked for with `?_tables=xlsx` at the page's own address, by whoever may see it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from junheng_web.common.page_tables import ASKED, WORKBOOK, Cell, Grid, tables_of, title_of
from junheng_web.common.tables import MEDIA_TYPE, NOT_IN_A_NAME, width

GetResponse = Callable[[HttpRequest], HttpResponse]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(
    r"(?P<sign>[－+＋-]?)(?P<whole>0|[1-9]\d{0,2}(?:,?\d{3})*|[1-9]\d*)(?P<rest>\.\d+)?(?P<share>%?)(?P<after>(?![\d.,]).*)",
    re.S,
)
SIGNS = {"－": "-", "-": "-", "＋": "", "+": "", "": ""}
# A spreadsheet keeps no more digits of a number; a longer one is a code.
DIGITS, NAME_LENGTH, WORDS = 15, 31, 40
ABOUT = "说明"


def whole(request: HttpRequest) -> bool:
    """Whether the page is asked for as a workbook, and so shows all its rows at once."""
    return request.GET.get(ASKED) == WORKBOOK


class PageWorkbook:
    """Answers with the workbook of a page's tables where it is asked for; the page's own view has let one in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        if request.method != "GET" or not whole(request) or not page or response.streaming:
            return response
        text = response.content.decode()
        tables, name = tables_of(text), title_of(text)
        return _file(name, workbook(tables, _about(request, name))) if tables else response


def _file(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return answer


def _about(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    """Return what the last sheet says: of which page, county and day it is, and what the reader had asked for."""
    county = getattr(request, "county", None) or getattr(request, "area", None)
    asked = "&".join(f"{key}={value}" for key, value in request.GET.items() if key != ASKED)
    told = [("页面", name), ("县（旗）或地区", str(county or "")), ("条件", asked or "没有另设条件")]
    told.append(("导出时间", f"{timezone.localtime():%Y-%m-%d %H:%M}"))
    told.append(("说明", "与导出时页面上的表相同：行、次序和筛选都一样。"))
    return told + ([("注意", "虚构数据，仅供演示")] if county is not None and county.invented else [])


def workbook(tables: Sequence[Grid], about: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return tables as a workbook, a sheet for each. Numbers are numbers, days are days, all else stays text."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    look = _Look(book)
    names: set[str] = {ABOUT}
    for table in tables:
        _sheet(book.add_worksheet(_name(table.title, names)), table, look)
    sheet = book.add_worksheet(ABOUT)
    for row, (label, text) in enumerate(about):
        sheet.write_string(row, 0, label, look.head)
        sheet.write_string(row, 1, text)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 60)
    book.close()
    return out.getvalue()


def _name(title: str, names: set[str]) -> str:
    """Return a name for a sheet that is not taken yet."""
    plain = title.translate(NOT_IN_A_NAME).strip()[:NAME_LENGTH] or "表"
    name, more = plain, 2
    while name in names:
        name, more = f"{plain[: NAME_LENGTH - 4]} {more}", more + 1
    names.add(name)
    return name


class _Look:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, {}
        self.head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "text_wrap": True, "valign": "vcenter"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, pattern: str) -> Any:
        """Return the format that shows a number by a pattern."""
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._made[pattern]


def _sheet(sheet: Any, table: Grid, look: _Look) -> None:
    widths: dict[int, list[str]] = {}
    for row, column, cell in table.placed():
        if cell.rows > 1 or cell.columns > 1:
            at = (row, column, row + cell.rows - 1, column + cell.columns - 1)
            sheet.merge_range(*at, "", look.head if cell.heading else look.text)
        if cell.text:
            _write(sheet, row, column, cell, look)
        if cell.columns == 1:
            widths.setdefault(column, []).extend(cell.text.split("\n"))
    for column, texts in widths.items():
        sheet.set_column(column, column, width(texts))
    sheet.freeze_panes(_headings(table), 1)


def _headings(table: Grid) -> int:
    """Return how many rows on top are headings throughout."""
    return next((at for at, row in enumerate(table.rows) if not all(cell.heading for cell in row)), len(table.rows))


def _write(sheet: Any, row: int, column: int, cell: Cell, look: _Look) -> None:
    number = NUMBER.fullmatch(cell.text) if cell.number and not cell.heading else None
    if number and len(number["whole"].replace(",", "")) <= DIGITS and len(number["after"]) < WORDS:
        sheet.write_number(row, column, *_number(number, look))
    elif DAY.fullmatch(cell.text) and (day := _day(cell.text)):
        sheet.write_datetime(row, column, day, look.of("yyyy-mm-dd"))
    else:
        sheet.write_string(row, column, cell.text, look.head if cell.heading else look.text)


def _number(found: re.Match[str], look: _Look) -> tuple[float, Any]:
    """Return a number with the format in which it reads as on the page, the words behind it with it."""
    rest, share = found["rest"] or "", found["share"]
    value = float(f"{SIGNS[found['sign']]}{found['whole'].replace(',', '')}{rest}")
    after = found["after"].replace('"', "").replace("\n", " ")
    pattern = f"{'#,##' if ',' in found['whole'] else ''}0{'.' + '0' * (len(rest) - 1) if rest else ''}{share}"
    return (value / 100 if share else value), look.of(f'{pattern}"{after}"' if after else pattern)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
