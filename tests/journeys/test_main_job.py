"""From the county's verdict down to the number that was reported, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from looking import Site

COUNTY = "/c/150699/"


def test_one_goes_from_the_verdict_to_a_reported_number(office: Page) -> None:
    """By the menu and by links alone: grid, a value that fails, its formula and inputs."""
    office.wait_for_url(f"**{COUNTY}")
    expect(office.get_by_role("main")).to_contain_text("不达标")

    office.get_by_role("navigation", name="主菜单").get_by_role("link", name="各校各项").click()
    expect(office.get_by_role("navigation", name="主菜单").get_by_role("link", name="各校各项")).to_have_attribute(
        "aria-current", "page"
    )
    row = office.get_by_role("row").filter(has=office.get_by_role("rowheader", name="示例旗实验小学", exact=True))
    row.get_by_role("link").filter(has_text=re.compile(r"6\.20")).click()

    expect(office.get_by_role("main")).to_contain_text("报来的数")
    expect(office.get_by_role("main")).to_contain_text("1,890")


def test_another_county_is_not_there(page: Page, site: Site) -> None:
    """Somebody of one county is told of no other, by its address neither."""
    site.sign_in(page, "leader")
    page.wait_for_url(f"**{COUNTY}")

    assert page.goto("/c/150624/").status == 404
    expect(page.get_by_role("main")).not_to_contain_text("鄂托克")
