"""A form of the statistics is marked in a real browser, by keyboard, and without any script; then it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from looking import Site, look
from statistics_forms import OWN, write

HERE = "/c/150699/statistics/"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """An invented workbook of the example county's own schools."""
    return write(tmp_path / "示例统计.xls", 基本情况=OWN)


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    """A browser that runs no script."""
    context = browser.new_context(base_url=site.address, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    site.sign_in(page, "office")
    yield page
    context.close()


def opened(page: Page, file: Path) -> None:
    """Open a workbook's first sheet to be marked."""
    page.goto(f"{HERE}add/")
    page.get_by_label("工作簿").set_input_files(file)
    page.get_by_role("button", name="打开").click()
    page.get_by_role("link", name="：基本情况").click()


def test_by_keyboard_alone(page: Page, site: Site, workbook: Path) -> None:
    """An address, a field, the enter key; what is read stands below at once; then it is saved and read."""
    site.sign_in(page, "office")
    opened(page, workbook)
    for at, what in (("C", "小学在校生数"), ("D", "初中在校生数")):
        page.get_by_label("选中的格、列或行").fill(at)
        page.get_by_label("数据字典里的项").fill(what)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"去掉 {at} {what}")).to_be_visible()
    expect(page.get_by_role("region", name="读出来的数")).to_contain_text("示例旗第一小学")
    look(page, "statistics-marking")
    page.get_by_role("button", name="保存对照").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例基1")
    page.goto(f"{HERE}import/2025/")
    page.get_by_label("工作簿").set_input_files(workbook)
    page.get_by_role("button", name="看会改什么").press("Enter")
    page.get_by_role("button", name="导入这").press("Enter")
    expect(page.get_by_role("status").filter(has_text="已导入：改了")).to_be_visible()


def test_by_mouse_and_without_any_script(plain: Page, workbook: Path) -> None:
    """A cell is picked by a click, which loses nothing of what was typed."""
    opened(plain, workbook)
    plain.get_by_label("表名", exact=True).fill("自己的名称")
    plain.get_by_role("region", name="工作表 基本情况").get_by_role("button", name="运动场地").click()
    expect(plain.get_by_label("选中的格、列或行")).to_have_value("F3")
    expect(plain.get_by_label("表名", exact=True)).to_have_value("自己的名称")
    plain.get_by_label("数据字典里的项").fill("运动场地面积")
    plain.get_by_label("表上印的单位").select_option("亩")
    plain.get_by_role("button", name="标上").click()
    expect(plain.get_by_role("button", name="去掉 F 运动场地面积")).to_be_visible()
    expect(plain.get_by_role("region", name="读出来的数")).to_contain_text("4000")
