"""The office tries two scenarios, has a plan found, and puts the scenarios side by side: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out
from planned_and_paid import HERE, WORK, begin, open_edit

REMOVED = """
from junheng_web.planning.models import PlanRun, Sample, Scenario
Scenario.objects.filter(name__startswith="旅程").delete()
Sample.objects.filter(plan__name__startswith="旅程").delete()
PlanRun.objects.filter(name__startswith="旅程").delete()
"""


@pytest.fixture(autouse=True)
def _removed(site: Site) -> Iterator[None]:
    """Leave the example as it was found."""
    yield
    site.shell(REMOVED)


# An upright sheet of A4 between its margins, in the pixels of a browser.
SHEET = {"width": 703, "height": 1010}


def test_a_scenario_goes_to_paper(office: Page) -> None:
    """What was tried and what it comes to, as wide as the sheet; no form, no button, no menu."""
    begin(office, "旅程纸上")
    part = open_edit(office, "招聘、建房、购置")
    part.get_by_label("学校").select_option(label="示例旗第四小学")
    part.get_by_label("事项").select_option(label="购置教学仪器设备（元）")
    part.get_by_label("数量").fill("210000")
    part.get_by_role("button", name="试这一步").click()
    edit = office.get_by_text("示例旗第四小学购置教学仪器设备 210,000 元")
    expect(edit).to_be_visible()
    hint, tools = office.get_by_text("要打印，用浏览器的打印"), office.locator(".side, .try, .page-actions, .btn")
    expect(hint).to_be_visible()
    office.set_viewport_size(SHEET)
    office.emulate_media(media="print")
    for shown in (
        edit,
        office.get_by_role("heading", name="旅程纸上", level=1),
        office.get_by_text("21.00", exact=True),
    ):
        expect(shown.first).to_be_visible()
    for name in ("差异系数", "小学各校各项", "其他指标"):
        expect(office.get_by_role("heading", name=name)).to_be_visible()
    expect(hint).to_be_hidden()
    assert [one for one in tools.all() if one.is_visible()] == []
    assert office.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
    assert office.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF-")
    office.emulate_media(media="screen")


def test_two_scenarios_are_tried_and_compared(office: Page) -> None:
    """Each edit shows at once what it comes to; a step is undone and redone; both stand side by side."""
    begin(office, "旅程一")
    part = open_edit(office, "招聘、建房、购置")
    part.get_by_label("学校").select_option(label="示例旗第四小学")
    part.get_by_label("事项").select_option(label="购置教学仪器设备（元）")
    part.get_by_label("数量").fill("210000")
    part.get_by_role("button", name="试这一步").click()
    expect(office.get_by_text("示例旗第四小学购置教学仪器设备 210,000 元")).to_be_visible()
    expect(office.get_by_text("21.00 万元")).to_be_visible()
    assert shut_out(office) == []
    assert not overflows(office)
    look(office, "scenario")
    office.get_by_role("button", name="撤销一步").click()
    expect(office.get_by_text("还没有改动")).to_be_visible()
    office.get_by_role("button", name="重做").click()
    expect(office.get_by_text("21.00 万元")).to_be_visible()
    begin(office, "旅程二")
    part = open_edit(office, "并校")
    part.get_by_label("并入别校的学校").select_option(label="示例旗第四小学")
    part.get_by_label("并入哪所学校").select_option(label="示例旗第一小学")
    part.get_by_role("button", name="试这一步").click()
    expect(office.get_by_text("示例旗第四小学并入示例旗第一小学")).to_be_visible()
    office.goto(f"{HERE}scenarios/")
    for name in ("旅程一", "旅程二"):
        office.get_by_label(f"比较 {name}").check()
    office.get_by_role("button", name="并排比较").click()
    expect(office.get_by_role("columnheader", name="旅程一")).to_be_visible()
    expect(office.get_by_role("columnheader", name="旅程二")).to_be_visible()
    assert not overflows(office)
    look(office, "scenarios-beside")


def test_a_plan_is_searched_for_and_found(office: Page, site: Site) -> None:
    """The page shows how it goes by itself, then the plan, and by when it must begin."""
    office.goto(HERE)
    office.get_by_role("link", name="求一个方案").first.click()
    office.get_by_label("名称").fill("旅程方案")
    office.get_by_role("button", name="开始求解").click()
    expect(office.get_by_role("heading", name="旅程方案", level=1)).to_be_visible()
    expect(office.get_by_text("正在排队")).to_be_visible()
    site.shell(WORK)
    expect(office.get_by_role("heading", name="各校要办的事")).to_be_visible()
    expect(office.get_by_role("heading", name="教师交流名额")).to_be_visible()
    assert shut_out(office) == []
    assert not overflows(office)
    look(office, "plan")
    office.get_by_role("link", name="倒排工期").click()
    expect(office.get_by_role("heading", name="倒排工期", level=1)).to_be_visible()
    assert not overflows(office)
