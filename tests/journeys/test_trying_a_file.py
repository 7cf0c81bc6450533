"""上传即评 in a real browser: findings and verdict, the annotated workbook, keeping, a large file in the background."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from looking import ROOT, Site, look

WORKBOOK = ROOT / "examples" / "shili" / "shili.xlsx"
UPLOAD = "/c/150699/upload/"
SCHOOL, LATE = "示例旗第四小学", "沙湾苏木初级中学"
PART, WHOLE = "小学高于规定学历专任教师数", "小学专任教师数"
# A file above this size is judged in the background (upload_judging.LARGE_FILE).
LARGE, PATIENCE_MS = 2**20, 60_000
WORK = """
from importlib import import_module
import_module("junheng_web.config.urls")
from junheng_web.organisation.jobs import run_next
print(run_next())
"""


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """The example's workbook, in which one school has more well-educated teachers than teachers."""
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book["学校"]
    row = _row(sheet, SCHOOL)
    sheet.cell(row, _column(sheet, PART)).value = sheet.cell(row, _column(sheet, WHOLE)).value + 5
    file = tmp_path / "示例旗第一次核对.xlsx"
    book.save(file)
    return file


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """The example's workbook, in which the school that had not reported its equipment has done so."""
    book = openpyxl.load_workbook(WORKBOOK)
    book["学校"].cell(_row(book["学校"], LATE), _column(book["学校"], "教学仪器设备资产值")).value = 90
    file = tmp_path / "示例旗补报.xlsx"
    book.save(file)
    return file


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """The same tables in a zip that is large, for a file lies in it that is no table and that nothing makes small."""
    noise = random.Random(0)
    file = tmp_path / "示例旗全表.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for table in (WORKBOOK.parent / "facts").glob("*.csv"):
            package.write(table, table.name)
        package.writestr("往来记录.csv", noise.randbytes(LARGE))
    return file


def _column(sheet, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).startswith(heading))


def _row(sheet, school: str) -> int:
    names = _column(sheet, "学校名称")
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, names).value == school)


def _try(page: Page, file: Path) -> None:
    page.goto(UPLOAD)
    page.get_by_label("数据工作簿").set_input_files(file)
    # The answer comes when the file is judged.
    page.get_by_role("button", name="上传并评估").click(timeout=PATIENCE_MS)


def test_a_faulty_workbook_comes_back_with_each_fault_in_its_cell(office: Page, damaged: Path) -> None:
    """The page lists row, column, reason and remedy beside the whole verdict; so does the workbook, at the cell."""
    _try(office, damaged)
    expect(office.get_by_role("heading", level=1)).to_have_text("试算：示例旗第一次核对.xlsx")
    expect(office.get_by_role("region", name="结论")).to_contain_text("不达标")
    expect(office.get_by_text("这是试算，还没有保存")).to_be_visible()

    finding = office.get_by_role("region", name="数据问题清单").get_by_role("row").filter(has_text="错误")
    expect(finding).to_have_count(1)
    for told in (SCHOOL, "学校第 4 条", PART, "请核对"):
        expect(finding).to_contain_text(told)
    with office.expect_download() as download:
        office.get_by_role("link", name="下载批注工作簿").click()

    assert download.value.suggested_filename == "示例旗第一次核对-批注.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cell = book["学校"].cell(_row(book["学校"], SCHOOL), _column(book["学校"], PART))
    assert "错误" in cell.comment.text
    assert cell.fill.fgColor.rgb.endswith("FFC7CE")
    look(office, "upload-findings")


def test_a_file_is_kept_only_where_the_office_says_so(office: Page, corrected: Path) -> None:
    """Until then it stands in no list of runs; then it does, under the name that it was given."""
    _try(office, corrected)
    expect(office.get_by_role("heading", level=1)).to_contain_text("试算")
    here = office.url
    office.get_by_role("navigation", name="主菜单").get_by_role("link", name="评估记录").click()
    expect(office.get_by_role("main")).not_to_contain_text("第三次核对")

    office.goto(here)
    office.get_by_label("名称").fill("第三次核对")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_role("dialog")).to_contain_text("保存为本县的一次评估")
    office.get_by_role("dialog").get_by_role("button", name="确定").click()

    expect(office.get_by_role("status").filter(has_text="已保存为本县的一次评估")).to_be_visible()
    office.get_by_role("navigation", name="主菜单").get_by_role("link", name="评估记录").click()
    expect(office.get_by_role("row").filter(has_text="第三次核对")).to_contain_text("试算")
    assert office.goto(here).status == 404, "what is kept is no trial any more"


def test_a_file_is_thrown_away_at_once(office: Page, damaged: Path) -> None:
    """After being asked; nothing is left of it."""
    _try(office, damaged)
    expect(office.get_by_role("heading", level=1)).to_contain_text("试算")
    here = office.url

    office.get_by_role("button", name="不留，立即删除").click()
    office.get_by_role("dialog").get_by_role("button", name="确定").click()

    expect(office.get_by_role("status").filter(has_text="没有留下数据")).to_be_visible()
    assert office.goto(here).status == 404


def test_a_large_file_is_judged_in_the_background(office: Page, site: Site, large: Path) -> None:
    """One sees that it waits, and the page leads to the result by itself when it is there."""
    _try(office, large)
    expect(office.get_by_role("progressbar")).to_be_visible()
    expect(office.get_by_text("可以离开这一页")).to_be_visible()

    assert "True" in site.shell(WORK)

    expect(office.get_by_role("heading", level=1)).to_have_text("试算：示例旗全表.zip")
    expect(office.get_by_role("region", name="结论")).to_contain_text("不达标")


def test_a_large_file_is_stopped(office: Page, large: Path) -> None:
    """It is judged no more, and the page says that it was stopped."""
    _try(office, large)
    expect(office).to_have_url(re.compile(r"/jobs/\d+$"))

    office.get_by_role("button", name="停止").click()
    office.get_by_role("dialog").get_by_role("button", name="确定").click()

    expect(office.get_by_role("status").filter(has_text="已停止")).to_be_visible()
    expect(office.get_by_role("progressbar")).to_have_count(0)
