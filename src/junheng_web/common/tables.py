"""Tables that are sorted, paged, and handed out as a workbook in the order and with the filter that is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import django_tables2
import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

from junheng_web.common.templatetags.components import STATUSES

EXPORT, WORKBOOK = "_export", "xlsx"
ROWS_A_PAGE = 50
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOK = {
    "template_name": "common/table.html",
    "attrs": {"class": "table table-vcenter table-hover card-table"},
    "default": "—",
}
WIDEST, WIDE_SIGN = 60, "⺀"
# What a spreadsheet refuses in a sheet's name, in both widths.
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'［］：＊？／＼", " "))


class Table(django_tables2.Table):
    """A table of the platform: `title` names it for those who cannot see it, and its workbook."""

    title = "表"
    # What is shown where there is no row, and what to do then.
    nothing, remedy = "没有符合条件的记录", ""

    def __init__(self, *rows: Any, **options: Any) -> None:
        super().__init__(*rows, **{**LOOK, **options})

    @property
    def id(self) -> str:
        """The id of its element in the page."""
        return f"{self.prefix}table"


class Number(django_tables2.Column):
    """A column of numbers, set to the right."""

    def __init__(self, **options: Any) -> None:
        end = {"class": "text-end"}
        super().__init__(**{"attrs": {"th": end, "td": end}, **options})


class Status(django_tables2.Column):
    """A column of statuses: a badge on the screen, its word in the workbook."""

    def render(self, value: str) -> str:
        word, sign, tone = STATUSES[value]
        return render_to_string("components/status.html", {"word": word, "sign": sign, "tone": tone})

    def value(self, value: str) -> str:
        return STATUSES[value][0]


def table_response(
    request: HttpRequest, table: Table, template: str, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Answer with the page, with the table alone where htmx asks for it, or with its workbook (`?_export=xlsx`)."""
    paging = {"per_page": ROWS_A_PAGE, "silent": True}
    django_tables2.RequestConfig(request, paginate=paging).configure(table)
    if request.GET.get(EXPORT) == WORKBOOK:
        return _file(table)
    name = "common/table.html" if request.htmx else template
    response = render(request, name, {**(context or {}), "table": table})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _file(table: Table) -> HttpResponse:
    response = HttpResponse(workbook(table), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{table.title}.xlsx")
    return response


def workbook(table: Table) -> bytes:
    """Return every row of the table, in its order, as a workbook. Text stays text, whatever it begins with."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(table.title.translate(NOT_IN_A_NAME)[:31])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    rows = list(table.as_values())
    for column, heading in enumerate(rows[0]):
        sheet.write_string(0, column, str(heading), head)
        sheet.set_column(column, column, width([row[column] for row in rows]))
    for place, row in enumerate(rows[1:], start=1):
        for column, value in enumerate(row):
            _write(sheet, place, column, value, day)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否")
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value, day)
    else:
        sheet.write_string(row, column, str(value))


def width(values: Iterable[Any]) -> int:
    """Return a column's width in Latin letters: a Chinese sign takes two."""
    longest = max((sum(2 if sign >= WIDE_SIGN else 1 for sign in str(value)) for value in values), default=0)
    return min(WIDEST, longest + 3)
