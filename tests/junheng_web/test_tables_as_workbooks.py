"""Every table on the screen is handed out as a workbook: the same rows, in the same order, with the same filter."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import openpyxl
import pytest
from django.urls import Resolver404, resolve

from junheng_web.common.page_tables import tables_of, title_of
from junheng_web.common.page_workbook import workbook
from junheng_web.common.tables import MEDIA_TYPE
from places import COUNTY

HERE = f"/c/{COUNTY}/"
LINK = re.compile(r'href="([^"#]+)')
MAIN = re.compile(r"<main.*?</main>", re.S)
TABLE = re.compile(r"<table(?P<told>[^>]*)>(?P<rows>.*?)</table>", re.S)
ASKED = re.compile(r'href="([^"]*_tables=xlsx[^"]*)"')
# So many pages of each name are looked at: full ones are reached first.
OF_A_NAME = 2
# Which names are looked at is found by following links; no fewer than so many have a table.
AT_LEAST = 45


def read(content: bytes) -> openpyxl.Workbook:
    """Return a workbook as it is read back."""
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet(table: str) -> openpyxl.worksheet.worksheet.Worksheet:
    """Return the sheet that one table becomes."""
    return read(workbook(tables_of(f"<main><h2>各校</h2><table>{table}</table></main>"))).worksheets[0]


def walked(browser) -> Iterator[tuple[str, str, str]]:
    """Yield name, address and text of the pages of the county that links lead to, a few of each name."""
    waiting, seen, names = [HERE], {HERE}, {}
    while waiting:
        at = waiting.pop(0)
        try:
            name = resolve(at.partition("?")[0]).view_name
        except Resolver404:
            continue
        names[name] = names.get(name, 0) + 1
        if names[name] > OF_A_NAME:
            continue
        answer = browser.get(at)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        yield name, at, text
        links = (urljoin(at, unescape(link)) for link in LINK.findall(text))
        fresh = [link for link in dict.fromkeys(links) if link.startswith(HERE) and "xlsx" not in link]
        waiting += [link for link in fresh if link not in seen]
        seen |= {*fresh}


def wrong_with(browser, at: str, text: str) -> str:
    """Return what is wrong with the workbook of a page's tables; nothing where it has none or it is as shown."""
    tables = [one for main in MAIN.findall(text) for one in TABLE.finditer(main)]
    without = [one for one in tables if "data-exports" not in one["told"]]
    if len(without) < len(tables) and not re.search("_export=xlsx|format=xlsx", text):
        return "says that a table has a workbook of its own, and offers none"
    if not without:
        return ""
    asked = ASKED.search(text)
    if asked is None:
        return "offers no workbook"
    answer = browser.get(urljoin(at, unescape(asked[1])))
    if answer.headers["Content-Type"] != MEDIA_TYPE:
        return f"answers {answer.status_code} {answer.headers['Content-Type']}"
    sheets = read(answer.content).worksheets[:-1]
    rows = [one["rows"].count("<tr") for one in without]
    found = [one.max_row for one in sheets]
    return (
        "" if len(sheets) == len(rows) and all(a <= b for a, b in zip(found, rows, strict=True)) else f"{found} {rows}"
    )


def test_every_page_with_a_table_hands_it_out(as_) -> None:
    """The office follows every link of the county; whatever page has a table offers its workbook, and it opens."""
    browser, tables, wrong = as_("office"), set(), {}
    for name, at, text in walked(browser):
        if "<table" in text:
            tables.add(name)
        if found := wrong_with(browser, at, text):
            wrong[at] = found
    assert wrong == {}
    assert len(tables) >= AT_LEAST, sorted(tables)


def test_a_workbook_has_the_rows_of_the_page_in_their_order(as_) -> None:
    """The figures of units, as the page shows them: name by name."""
    browser = as_("office")
    page = browser.get(f"{HERE}rectification/plans/").content.decode()
    (shown,) = tables_of(page)
    book = read(browser.get(f"{HERE}rectification/plans/?_tables=xlsx").content)
    first = [cell.value for cell in book.worksheets[0]["A"]]
    assert first == [row[0].text for row in shown.rows]
    assert len(first) > 2
    about = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert about["页面"] == title_of(page)
    assert about["注意"] == "虚构数据，仅供演示"


def test_a_page_in_portions_is_handed_out_whole(as_, monkeypatch) -> None:
    """A page of schools shows some of them, its workbook all of them."""
    monkeypatch.setattr("junheng_web.assessment.trending.ROWS_OF_A_PAGE", 3)
    browser, at = as_("office"), f"{HERE}trends/B6/primary/"
    shown = tables_of(browser.get(at).content.decode())[-1]
    whole = read(browser.get(f"{at}?_tables=xlsx").content).worksheets[-2]
    assert len(shown.rows) + 3 < whole.max_row


def test_another_s_page_has_no_workbook_for_one(as_) -> None:
    """The page's own view says who may see it: its workbook is no way around."""
    assert as_("clerk-03").get(f"{HERE}rectification/figures/?_tables=xlsx").status_code == 403
    assert as_("office").get("/c/999999/?_tables=xlsx").status_code == 404


def test_numbers_days_and_codes_stay_what_they_are() -> None:
    """A number of a column of numbers counts, with the words behind it in its format; codes and formulas stay text."""
    cells = ("1,234.50", "0.351 <span class='visually-hidden'>不达标</span>", "98.5%", "－3", "000123", "—")
    row = "".join(f"<td class='number'>{one}</td>" for one in cells)
    found = sheet(f"<tr>{row}<td>2026-03-20</td><td>1506990001</td><td>=1+1</td></tr>")
    values = [cell.value for cell in found[1]]
    assert values[:6] == [1234.5, 0.351, 0.985, -3, "000123", "—"]
    assert values[6:] == [dt.datetime(2026, 3, 20), "1506990001", "=1+1"]  # noqa: DTZ001 (a spreadsheet knows no zone)
    assert found["I1"].data_type == "s"
    assert [found.cell(1, at).number_format for at in (1, 2, 3)] == ["#,##0.00", '0.000" 不达标"', "0.0%"]


def test_what_only_decorates_is_left_out() -> None:
    """Signs, explanations, buttons and labels for phones are no part of what a cell says; what a field holds is."""
    found = sheet(
        "<tr><th>甲<details class='help'><summary>?</summary>说明</details></th><td><span aria-hidden='true'>✗</span>"
        "<span class='only-phone'>任务</span> 三<button>催</button></td><td><input value='7'></td><td><select>"
        "<option>一</option><option selected>二</option></select></td></tr>"
    )
    assert [cell.value for cell in found[1]] == ["甲", "三", "7", "二"]


def test_cells_over_several_rows_and_columns_keep_their_place() -> None:
    """What stands below a broad heading, and beside a tall cell, stands there in the workbook."""
    found = sheet(
        "<tr><th rowspan='2'>单位</th><th colspan='2'>任务</th></tr><tr><th>在办</th><th>过期</th></tr>"
        "<tr><td>甲</td><td class='number'>1</td><td class='number'>2</td></tr>"
    )
    assert [[cell.value for cell in row] for row in found.iter_rows()] == [
        ["单位", "任务", None],
        [None, "在办", "过期"],
        ["甲", 1, 2],
    ]
    assert found.freeze_panes == "B3"


def test_tables_of_the_same_name_have_sheets_of_their_own() -> None:
    """Two tables under one heading, and names with what a spreadsheet refuses."""
    page = "<main><h2>甲/乙：表</h2><table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table></main>"
    assert read(workbook(tables_of(page))).sheetnames == ["甲 乙 表", "甲 乙 表 2", "说明"]


@pytest.mark.parametrize(
    "page", ["<main><table></table></main>", "<main></main>", "<table><tr><td>1</td></tr></table>"]
)
def test_where_there_is_no_table_there_is_no_sheet(page: str) -> None:
    """A table without rows, a page without a table, what stands beside the main part."""
    assert tables_of(page) == []
