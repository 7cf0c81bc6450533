"""The administrator opens an account in a browser; its owner changes the initial password and finds his work."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out

HERE = "/c/150699/organisation/accounts/"
NAME, USERNAME, OWN = "施向野", "shi-xiangye", "zheng-jie-4"
PHONE = {"width": 390, "height": 844}


def test_an_account_is_opened_changed_and_closed(someone, page: Page, site: Site) -> None:
    """From the list to the password that is shown once, to the first page of whoever it is, and to its end."""
    administrator = someone("administrator")
    administrator.goto(f"{HERE}?state=none")
    administrator.get_by_role("link", name=NAME).click()
    administrator.get_by_label("用户名").fill("有汉字")
    administrator.get_by_role("button", name="开通").click()
    expect(administrator.get_by_role("alert")).to_contain_text("用户名用字母")
    administrator.get_by_label("用户名").fill(USERNAME)
    administrator.get_by_role("button", name="开通").click()
    password = administrator.locator("code.password").inner_text()
    look(administrator, "initial-password")
    assert shut_out(administrator) == []
    administrator.get_by_role("link", name="已经抄好").click()
    expect(administrator.get_by_text("初始密码还没有改")).to_be_visible()
    expect(administrator.get_by_text(password)).to_have_count(0)

    page.set_viewport_size(PHONE)
    site.sign_in(page, USERNAME, password)
    expect(page.get_by_role("heading", name="改密码")).to_be_visible()
    look(page, "first-password")
    assert not overflows(page)
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码").fill(OWN)
    page.get_by_label("再写一遍").fill(OWN)
    page.get_by_role("button", name="改密码").click()
    expect(page.get_by_text("密码已改")).to_be_visible()
    expect(page.get_by_role("heading", name="我的职责")).to_be_visible()

    administrator.get_by_role("button", name="关闭账号").click()
    administrator.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(administrator.get_by_text("已关闭，不能再登录")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
