"""A form goes to paper and back: printed by a real browser, its scan finds the version by the code on the paper."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from looking import Site

FORM = "/c/150699/collection/2025/current/school/1506990005/"


def test_what_a_browser_prints_is_recognised_as_a_sealed_scan(page: Page, site: Site) -> None:
    """The office prints a form, hands in the same pages as a scan, and the code is read from them."""
    site.sign_in(page, "office")
    page.goto(f"{FORM}printed")
    code = page.locator(".form-mark code").inner_text()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    page.goto(f"{FORM}sealed/")
    page.get_by_label("扫描件").set_input_files(
        {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": printed}
    )
    page.get_by_label("原件放在哪里").fill("示例柜 3 盒")
    page.get_by_role("button", name="交上").click()
    expect(page.get_by_role("status")).to_contain_text("与现在的数一致")
    scans = page.get_by_role("listitem").filter(has_text="示例柜 3 盒")
    expect(scans).to_contain_text(code)
    expect(scans).to_contain_text("从二维码读出")
