"""What comes in as a file is shown before it is kept: a visit's workbook, a mapping; and a number says what it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from junheng.facts.mapped.load import mapping_to_yaml
from looking import look, overflows, shut_out
from statistics_forms import ROWS, changed

COUNTY = "/c/150699"
# The demonstration's visit that is going on.
VISIT = f"{COUNTY}/visits/2025/visit/8/"


def fit(page: Page, name: str) -> None:
    """Look at a page: nobody is shut out, and nothing has to be pushed about on a phone."""
    look(page, name)
    assert shut_out(page) == []
    assert not overflows(page)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_what_a_number_counts_is_read_by_keyboard(office: Page) -> None:
    """The sign opens beside the field, says where the number stands, and closes; the field's form stands below it."""
    office.goto(f"{COUNTY}/collection/2025/current/school/1506990006/")
    sign = office.get_by_label("小学专任教师数：怎么数")
    sign.press("Enter")
    told = office.get_by_text("教育事业统计 教基4155（原基础基423）：小学专任教师分课程、分学历情况").locator(
        "visible=true"
    )
    expect(told.first).to_be_visible()
    sign.press("Escape")
    expect(told).to_have_count(0)
    fit(office, "collection-form-defined")


def test_a_visit_is_filled_in_as_a_workbook(office: Page, tmp_path: Path) -> None:
    """Down, filled in, up: what it changes is shown; agreed, it stands on the visit."""
    office.goto(VISIT)
    with office.expect_download() as down:
        office.get_by_role("link", name="下载工作簿").click()
    file = tmp_path / "示例查看.xlsx"
    down.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book["督导查看"]
    sheet.cell(2, 8).value = "示例记录：看了两个班"
    book.save(file)
    office.get_by_role("link", name="导入工作簿").click()
    office.get_by_label("工作簿", exact=True).set_input_files(file)
    office.get_by_role("button", name="看会改什么").click()
    expect(office.get_by_role("heading", name="会改 1 处")).to_be_visible()
    fit(office, "visits-import")
    office.get_by_role("button", name="记下这 1 处").click()
    expect(office.get_by_role("status").filter(has_text="已记下 1 处")).to_be_visible()
    expect(office.get_by_text("示例记录：看了两个班").first).to_be_attached()


def test_a_mapping_is_shown_and_not_kept_until_somebody_agrees(office: Page, tmp_path: Path) -> None:
    """A wrong file is refused at its key; a right one says what it reads and which cells must be word for word."""
    file = tmp_path / "示例对照.yaml"
    office.goto(f"{COUNTY}/statistics/upload/")
    for text in (mapping_to_yaml(changed(ROWS)).replace("primary_pupils", "pupil"), mapping_to_yaml(changed(ROWS))):
        file.write_text(text, encoding="utf-8")
        office.get_by_label("对照文件").set_input_files(file)
        office.get_by_role("button", name="看它读什么").click()
        fit(office, "statistics-upload")
    expect(office.get_by_role("region", name="读哪些项")).to_contain_text("小学在校生数")
    expect(office.get_by_role("listitem").filter(has_text="表号：示例基1")).to_be_visible()
    office.goto(f"{COUNTY}/statistics/")
    expect(office.get_by_text("编造的学校情况")).to_have_count(0)
