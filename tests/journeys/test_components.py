"""The components work by mouse and by keyboard, wide and on a phone, light and dark."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from looking import look, overflows, picture, shut_out


@pytest.fixture
def components(office: Page) -> Page:
    """The components' page."""
    office.goto("/components")
    return office


def test_no_component_shuts_anybody_out(components: Page) -> None:
    """Axe finds nothing, and the page is never wider than a phone."""
    assert shut_out(components) == []
    assert not overflows(components)
    look(components, "components")


def test_what_sticks_out_of_a_phone_is_named(components: Page) -> None:
    """The measure that all pages are held to notices a part that is too wide."""
    components.evaluate("""() => {
        const wide = document.createElement("hr");
        wide.style.width = "600px";
        document.querySelector("main").append(wide);
    }""")

    assert [found.split(".")[0] for found in overflows(components)] == ["HR"]


def test_a_table_is_sorted_in_place(components: Page) -> None:
    """The order is told, the focus stays, the address can be passed on, and going back brings the old order."""
    expect(components.locator("tbody th").first).to_contain_text("沙湾苏木")
    head = components.get_by_role("columnheader", name="学生（人）")

    head.get_by_role("link").focus()
    components.keyboard.press("Enter")

    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(components).to_have_url("http://" + components.url.split("/")[2] + "/components?sort=pupils&page=1")
    expect(head.get_by_role("link")).to_be_focused()
    components.go_back()
    expect(components.locator("tbody th").first).to_contain_text("沙湾苏木")


def test_a_table_is_paged_and_handed_out_as_it_is_shown(components: Page) -> None:
    """The workbook has the same filter and order, and every row, not only the page's."""
    components.get_by_label("学校名称").first.fill("第1")
    components.get_by_role("button", name="查询").click()
    components.get_by_role("columnheader", name="学校", exact=True).get_by_role("link").click()
    expect(components.get_by_role("columnheader", name="学校", exact=True)).to_have_attribute("aria-sort", "ascending")
    first = components.locator("tbody th").first.inner_text()

    with components.expect_download() as download:
        components.get_by_role("link", name="导出 Excel").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.values)

    assert download.value.suggested_filename == "示例学校.xlsx"
    assert rows[0][:2] == ("学校", "结论")
    assert rows[1][0] == first
    assert len(rows) - 1 == int(components.get_by_role("status").filter(has_text="条").inner_text().split()[1])


def test_the_table_scrolls_under_its_head_and_first_column(components: Page) -> None:
    """Both stay in sight."""
    components.set_viewport_size({"width": 390, "height": 844})
    scroll = components.locator(".table-scroll")
    place = """box => {
        const [outer, head, name] = [box, box.querySelector("thead th"), box.querySelector("tbody tr:nth-child(9) th")]
            .map(one => one.getBoundingClientRect());
        return {head: head.top - outer.top, left: head.left - outer.left, name: name.left - outer.left};
    }"""
    before = scroll.evaluate(place)

    scroll.evaluate("box => { box.scrollTop = 300; box.scrollLeft = 200; }")

    assert scroll.evaluate("box => [box.scrollTop, box.scrollLeft]") == [300, 200]
    assert scroll.evaluate(place) == before


def test_help_opens_and_closes_by_keyboard(components: Page) -> None:
    """Enter opens it inside the window, Escape closes it, and the focus stays."""
    components.set_viewport_size({"width": 390, "height": 844})
    sign = components.locator(".help > summary").first

    sign.focus()
    components.keyboard.press("Enter")
    text = components.locator(".help-text").first
    expect(text).to_be_visible()
    box = text.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    components.keyboard.press("Escape")

    expect(text).to_be_hidden()
    expect(sign).to_be_focused()


def test_what_cannot_be_undone_is_asked_first(components: Page) -> None:
    """No leaves everything as it is; yes does it."""
    components.get_by_role("button", name="先问再做").click()
    components.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(components).not_to_have_url("**/components?done=1")

    components.get_by_role("button", name="先问再做").click()
    expect(components.get_by_role("dialog")).to_contain_text("停止这个任务？")
    components.keyboard.press("Escape")
    components.get_by_role("button", name="先问再做").click()
    components.get_by_role("dialog").get_by_role("button", name="确定").click()

    components.wait_for_url("**/components?done=1")


def test_the_menu_opens_on_a_phone(components: Page) -> None:
    """It is out of the way until one asks, and Escape sends it back."""
    components.set_viewport_size({"width": 390, "height": 844})
    menu = components.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()

    components.get_by_role("button", name="菜单").click()
    expect(menu.get_by_role("link", name="总览")).to_be_visible()
    components.screenshot(path=picture("menu-390-light"))
    components.keyboard.press("Escape")

    expect(menu).to_be_hidden()
    expect(components.get_by_role("button", name="菜单")).to_be_focused()


def test_the_reader_chooses_light_or_dark(components: Page) -> None:
    """The choice outlives the page, whatever the system says."""
    components.emulate_media(color_scheme="light")
    components.get_by_role("button", name="换深色或浅色").click()

    expect(components.locator("html")).to_have_attribute("data-bs-theme", "dark")
    components.reload()
    expect(components.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_skip_link_leads_to_the_content(office: Page) -> None:
    """The first Tab reaches it."""
    office.goto("/c/150699/")
    office.keyboard.press("Tab")
    expect(office.get_by_role("link", name="跳到正文")).to_be_focused()
    office.keyboard.press("Enter")
    expect(office.get_by_role("main")).to_be_focused()


def test_a_forms_problems_are_read_first(components: Page) -> None:
    """The focus goes to them, and each leads to its field."""
    problems = components.locator("[data-problems]")
    expect(problems).to_be_focused()

    problems.get_by_role("link", name="类型").click()

    expect(components.locator("#id_kind")).to_be_focused()


def test_without_scripts_everything_is_reached(browser, office: Page, site) -> None:
    """As in a browser too old for them: the menu, sorting and help still work."""
    plain = browser.new_context(
        base_url=site.address, java_script_enabled=False, storage_state=office.context.storage_state()
    )
    page = plain.new_page()
    page.set_default_timeout(10_000)
    page.goto("/components", timeout=20_000)
    page.get_by_role("columnheader", name="学生（人）").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="学生（人）")).to_have_attribute("aria-sort", "ascending")
    page.locator(".help > summary").first.click()
    expect(page.locator(".help-text").first).to_be_visible()
    plain.close()
