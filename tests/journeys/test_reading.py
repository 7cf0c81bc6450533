"""What is there to be read: documents that were published, worked cases, help on a phone; by everybody, everywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from looking import WIDTHS, Site, look, overflows, shut_out

COUNTY = "/c/150699/"
DOCUMENT = "/published/150624/otog/"
PAGES = {
    "published": "/published/",
    "published-group": f"{DOCUMENT}group/",
    "published-duties": f"{DOCUMENT}duties/",
    "published-tasks": f"{DOCUMENT}tasks/",
    "published-funding": f"{DOCUMENT}funding/",
    "published-original": f"{DOCUMENT}original/",
    "rule-measured": f"{COUNTY}rules/B1/",
    "rule-veto": f"{COUNTY}rules/VETO/",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_shuts_anybody_out(office: Page, name: str) -> None:
    """Axe finds nothing, and a phone need not be pushed about."""
    office.wait_for_url(f"**{COUNTY}")
    assert office.goto(PAGES[name]).status == 200
    expect(office.get_by_role("heading", level=1)).to_have_count(1)
    assert shut_out(office) == []
    assert not overflows(office)
    look(office, name)


@pytest.mark.parametrize("username", ["leader", "area-viewer", "administrator"])
def test_one_finds_the_document_by_the_menu(page: Page, site: Site, username: str) -> None:
    """From the first page to a unit's duties, by links alone."""
    site.sign_in(page, username)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="公开文件").click()
    page.get_by_role("main").get_by_role("link", name="成员单位工作职责").click()
    page.get_by_role("navigation", name="文件的各部分").get_by_role("link", name="附件2").click()
    expect(page.get_by_role("note")).to_contain_text("公开文件照录")
    page.get_by_role("row").filter(has_text="B24.").get_by_role("link", name="残联").click()
    expect(page.locator("section:target h2")).to_have_text("旗残联")


def test_on_a_phone_help_leaves_what_it_explains_to_be_read(office: Page) -> None:
    """From the first to the last of a school's indicators, the sign and the heading's last line stand clear of it."""
    office.wait_for_url(f"**{COUNTY}")
    office.set_viewport_size({"width": 390, "height": WIDTHS[390]})
    office.goto(f"{COUNTY}schools/1506990003/")
    helps = office.locator("main details.help").all()
    assert len(helps) == 7
    for help in helps:
        help.locator("summary").click()
        expect(help.locator(".help-text")).to_contain_text("是什么")
        assert clear_of(help)
        office.keyboard.press("Escape")


def test_help_at_the_end_of_a_page_lies_above(office: Page) -> None:
    """Where nothing can move up any more."""
    office.wait_for_url(f"**{COUNTY}")
    office.set_viewport_size({"width": 390, "height": WIDTHS[390]})
    office.goto(f"{COUNTY}schools/1506990003/")
    office.evaluate("document.querySelectorAll('main section ~ section, .foot').forEach(one => one.remove())")
    help = office.locator("main details.help").last
    help.locator("summary").click()
    expect(help.locator(".help-text")).to_contain_text("是什么")
    assert clear_of(help)


def clear_of(help: Locator) -> bool:
    """Return whether an open help and its sign do not lie over each other, and both lie in the window."""
    text, sign = help.locator(".help-text").bounding_box(), help.locator("summary").bounding_box()
    apart = sign["y"] + sign["height"] <= text["y"] or text["y"] + text["height"] <= sign["y"]
    return apart and min(text["y"], sign["y"]) >= 0 and text["y"] + text["height"] <= WIDTHS[390]
