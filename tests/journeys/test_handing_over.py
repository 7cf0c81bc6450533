"""The office hands a post over in a browser: it is asked, shown what follows, and the chart has the new name."""

from __future__ import annotations

from playwright.sync_api import Page, expect

HERE = "/c/150699/organisation/"


def test_the_office_hands_a_post_over(office: Page) -> None:
    """From the chart to the post, through the preview, and back to the chart; history keeps the former holder."""
    office.goto(HERE)
    office.get_by_role("link", name="发改委主任").click()
    office.get_by_role("link", name="交接").click()
    office.get_by_label("新来的人的姓名").fill("虚构继任")
    office.get_by_label("依据").fill("虚构文号")
    office.get_by_role("button", name="先看会怎样").click()
    expect(office.get_by_text("请核对，还没有办")).to_be_visible()
    expect(office.get_by_text("虚构继任有“责任单位”的权限")).to_be_visible()
    office.get_by_role("button", name="办理交接").click()
    expect(office.get_by_text("“发改委主任”已交接")).to_be_visible()
    expect(office.get_by_role("row", name="施向野")).to_be_visible()
    expect(office.get_by_role("row", name="虚构继任")).to_contain_text("虚构文号")
    office.goto(HERE)
    expect(office.get_by_role("listitem").filter(has_text="发改委主任")).to_contain_text("虚构继任")
