"""One comes in, changes posts, goes out; whoever may not is told why."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out


def test_one_signs_in_and_out(office: Page) -> None:
    """One lands in one's county, sees the post that one acts for and that all is invented, and goes out again."""
    office.wait_for_url("**/c/150699/")
    expect(office.get_by_role("banner")).to_contain_text("示例旗")
    expect(office.get_by_text("虚构数据，仅供演示")).to_be_visible()

    office.get_by_role("button", name="退出").click()

    expect(office.get_by_role("heading", name="登录")).to_be_visible()
    office.goto("/c/150699/")
    expect(office.get_by_role("heading", name="登录")).to_be_visible()


def test_a_wrong_password_is_told(page: Page, site: Site) -> None:
    """With what happens if one goes on guessing; the page shuts nobody out."""
    site.sign_in(page, "leader", "wrong")

    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    assert page.get_by_label("用户名").input_value() == "leader"
    assert shut_out(page) == []
    assert not overflows(page)
    look(page, "sign-in")


def test_guessing_locks_the_account(page: Page, site: Site) -> None:
    """The fifth wrong password locks; then the right one is refused too, with the reason and an id to quote."""
    for _ in range(5):
        site.sign_in(page, "auditor", "wrong")
    expect(page.get_by_role("heading", name="试得太多了")).to_be_visible()

    site.sign_in(page, "auditor")

    expect(page.get_by_text("怎么办")).to_be_visible()
    expect(page.locator("code")).not_to_be_empty()
    assert shut_out(page) == []
    look(page, "locked")


def test_one_acts_for_another_post(office: Page) -> None:
    """Whoever holds two posts changes between them in the bar on top, by keyboard as well."""
    office.wait_for_url("**/c/150699/")
    chooser = office.locator(".drop > summary")
    other = "系统管理员" if "创建办" in chooser.inner_text() else "创建办主任"

    chooser.focus()
    office.keyboard.press("Enter")
    office.get_by_role("button", name=other).focus()
    office.keyboard.press("Enter")

    expect(chooser).to_contain_text(other)
    expect(office.get_by_role("status").filter(has_text="已换岗位")).to_be_visible()
