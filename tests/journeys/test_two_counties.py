"""Two counties on one platform: each sees its own, and of the other not even that it is there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from looking import Site, shut_out

OURS = "/c/150699/"
PAGES = ("", "grid/", "board/", "indicators/B6/primary/", "rules/", "runs/", "upload/", "files/")


@pytest.fixture(scope="module")
def second(site: Site) -> dict[str, Any]:
    """A second county, with somebody who works there."""
    return site.made("second", site.password)


@pytest.fixture
def there(page: Page, site: Site, second: dict[str, Any]) -> Page:
    """A page in which the office of the second county is signed in."""
    site.sign_in(page, second["accounts"]["office"])
    page.wait_for_url(f"**/c/{second['county']}/")
    return page


def test_each_sees_its_own(there: Page, browser: Browser, site: Site, second: dict[str, Any]) -> None:
    """Both at the same time, each in a window of its own: county, schools and menu are one's own."""
    expect(there.get_by_role("banner")).to_contain_text("虚构旗（虚构）")
    there.get_by_role("navigation", name="主菜单").get_by_role("link", name="各校各项").click()
    expect(
        there.get_by_role("row").filter(has=there.get_by_role("rowheader", name="虚构示例旗第一小学0"))
    ).to_be_visible()
    expect(there.get_by_role("main")).not_to_contain_text("示例旗第三小学")

    other = browser.new_context(base_url=site.address)
    page = other.new_page()
    site.sign_in(page, "leader")
    page.wait_for_url(f"**{OURS}")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="各校各项").click()
    expect(page.get_by_role("main")).to_contain_text("示例旗第三小学")
    expect(page.get_by_role("main")).not_to_contain_text("虚构示例旗第一小学0")
    assert page.goto(f"/c/{second['county']}/").status == 404
    other.close()


def test_the_others_pages_are_not_there(there: Page) -> None:
    """Each says so, why that may be, and what to do; none tells anything of the county."""
    told = []
    for address in PAGES:
        answer = there.goto(OURS + address)
        told.append((answer.status, there.get_by_role("main").inner_text()))

    assert {status for status, _ in told} == {404}
    for words in ("没有这一页", "不属于您所在的县", "怎么办"):
        assert [text for _, text in told if words not in text] == []
    assert [text for _, text in told if "示例旗" in text] == []
    there.get_by_role("link", name="回到首页").click()
    expect(there.get_by_role("banner")).to_contain_text("虚构旗（虚构）")


def test_another_posts_page_is_refused_with_what_to_do(page: Page, site: Site, second: dict[str, Any]) -> None:
    """Inside one's own county, it is there, but not for this post."""
    site.sign_in(page, second["accounts"]["administrator"])
    page.wait_for_url(f"**/c/{second['county']}/rules/")
    page.goto(f"/c/{second['county']}/")

    expect(page.get_by_role("heading", name="您现在的岗位不能看这一页")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("请换一个岗位")
    assert shut_out(page) == []
