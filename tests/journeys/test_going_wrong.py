"""What goes wrong is told: what, why, what to do, and an id to quote; the platform out of reach as well."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out


@pytest.mark.parametrize(("address", "heading"), [("/c/999999/", "没有这一页"), ("/nothing", "没有这一页")])
def test_a_page_that_is_not_there(office: Page, address: str, heading: str) -> None:
    """The page says so with the id that the answer carries."""
    office.wait_for_url("**/c/150699/")
    answer = office.goto(address)

    assert answer.status == 404
    expect(office.get_by_role("heading", name=heading)).to_be_visible()
    expect(office.locator("code")).to_have_text(answer.headers["x-request-id"])
    assert shut_out(office) == []
    assert not overflows(office)
    look(office, "not-found")


def test_another_posts_page(page: Page, site: Site) -> None:
    """It names what to do: another post, or the office."""
    site.sign_in(page, "administrator")
    page.wait_for_url("**/c/150699/rules/")
    page.goto("/c/150699/")

    expect(page.get_by_role("heading", name="您现在的岗位不能看这一页")).to_be_visible()
    assert shut_out(page) == []


def test_the_platform_out_of_reach(office: Page) -> None:
    """The browser keeps a page of ours that says what to do, and shows it when it cannot reach the platform."""
    office.wait_for_url("**/c/150699/")
    office.evaluate("navigator.serviceWorker.ready.then(() => true)")
    office.goto("/offline")
    assert shut_out(office) == []
    look(office, "offline")

    office.context.set_offline(True)
    office.goto("/c/150699/")

    expect(office.get_by_role("heading", name="连不上服务器")).to_be_visible()
    expect(office.get_by_role("link", name="再试一次")).to_be_visible()
