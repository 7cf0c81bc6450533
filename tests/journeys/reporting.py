"""What journeys of reports have in common: a report is begun, written, and agreed to."""

from __future__ import annotations

from playwright.sync_api import Page, expect

HERE = "/c/150699/reports/"
REVIEWERS = ("人事股经办", "财政局联络员")


def confirmed(page: Page) -> None:
    """Say yes where one is asked again."""
    page.get_by_role("dialog").get_by_role("button", name="确定").click()


def begun(office: Page, kind: str, title: str) -> str:
    """Begin a report that two review and the leader signs, and return where it is."""
    office.goto(HERE)
    office.get_by_role("link", name="起草", exact=True).click()
    office.get_by_label("种类").select_option(label=kind)
    office.get_by_role("textbox", name="标题").fill(title)
    office.get_by_label("由谁签发").select_option(label="组长（副旗长）")
    for name in REVIEWERS:
        office.get_by_role("checkbox", name=name, exact=True).check()
    office.get_by_role("button", name="起草", exact=True).click()
    expect(office.get_by_role("heading", name=title, level=1)).to_be_visible()
    return office.url


def saved(page: Page, text: str) -> None:
    """Write the report that is open with another text."""
    page.get_by_role("link", name="修改", exact=True).click()
    page.get_by_role("textbox", name="正文").fill(text)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存为新的一稿")).to_be_visible()


def agreed(page: Page, where: str, word: str = "同意", note: str = "") -> None:
    """Say something of the report as one of its reviewers."""
    page.goto(where)
    page.get_by_role("radio", name=word, exact=True).check()
    page.get_by_label("写给起草的人").first.fill(note)
    page.get_by_role("button", name="表态").click()
    expect(page.get_by_text("已记下。")).to_be_visible()
