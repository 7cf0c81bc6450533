"""The main job without a mouse: Tab, Enter, arrows and Escape reach everything, and one always sees where one is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from looking import ROOT, Site

COUNTY = "/c/150699/"
# More presses than this to reach something near means that it is not reached.
MOST_TABS = 60
# A field for a date has stops of its own inside.
INSIDE = 10
# What has the focus: its words, whether the browser marks it, and where it is in the window.
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const head = document.querySelector(".head");
    const free = one.closest(".side, .skip, .head");
    const below = head && !free ? head.getBoundingClientRect().bottom : 0;
    return {name: (one.getAttribute("aria-label") || one.innerText || one.name || one.tagName).trim().slice(0, 40),
            body: one === document.body, ring, seen: box.bottom > below && box.top < innerHeight && box.width > 0};
}"""
# Everything that a reader can go to, marked with its place in the page.
REACHABLE = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.type !== "hidden"
            && !(one.type === "radio" && !one.checked));
    all.forEach((one, place) => { one.dataset.place = place; });
    return all.length;
}"""
PAGES = ("", "grid/junior/?status=missing", "schools/1506990003/", "upload/", "files/", "runs/", "rules/B3/")


@pytest.fixture
def county(office: Page) -> Page:
    """The county's first page, with the focus where a page begins."""
    office.wait_for_url(f"**{COUNTY}")
    return office


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something that fits has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with {MOST_TABS} presses of Tab")


def skip_to_main(page: Page) -> None:
    """Jump over the menu, as the first link of every page offers."""
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_from_signing_in_to_a_reported_number(page: Page, site: Site) -> None:
    """Sign in, menu, grid, what a cell lacks, school, trace: every step by Tab and Enter."""
    page.goto("/sign-in")
    tab_to(page, "[name=username]")
    page.keyboard.type("office")
    tab_to(page, "[name=password]")
    page.keyboard.type(site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{COUNTY}")

    tab_to(page, ".side a[href$='/grid/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{COUNTY}grid/")
    skip_to_main(page)
    tab_to(page, "tbody a[href*='/schools/1506990002/']")
    tab_to(page, "td.tone-yellow a")
    tip = page.get_by_role("tooltip").filter(visible=True)
    expect(tip).to_have_count(1)
    expect(tip).to_contain_text("还差")

    tab_to(page, "tbody a[href*='/schools/1506990003/']")
    expect(tip).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/schools/1506990003/")
    skip_to_main(page)
    tab_to(page, "td a[href*='/trace/B6/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/trace/B6/"))
    expect(page.get_by_role("main")).to_contain_text("报来的数")


def test_a_file_is_tried_by_keyboard(county: Page) -> None:
    """The field is reached and named; what is chosen is sent with Enter."""
    county.goto(f"{COUNTY}upload/")
    skip_to_main(county)
    tab_to(county, "input[type=file]")
    expect(county.get_by_label("数据工作簿")).to_be_focused()
    county.get_by_label("数据工作簿").set_input_files(Path(ROOT) / "examples" / "shili" / "shili.xlsx")
    tab_to(county, "main form button")
    county.keyboard.press("Enter")

    expect(county.get_by_role("heading", level=1)).to_contain_text("试算")
    skip_to_main(county)
    tab_to(county, "td.tone-red[tabindex]")
    expect(county.get_by_role("tooltip").filter(visible=True)).to_contain_text("还差")


@pytest.mark.parametrize("address", PAGES)
def test_everything_is_reached_in_order_and_seen(county: Page, address: str) -> None:
    """Tab goes through the whole page as it reads, and marks what has the focus, never below the bar on top."""
    county.goto(COUNTY + address)
    many, places, hidden = county.evaluate(REACHABLE), [], []
    for _ in range(many + INSIDE):
        county.keyboard.press("Tab")
        focused = county.evaluate(FOCUSED)
        if focused["body"]:
            break
        place = county.evaluate("document.activeElement.dataset.place")
        places += [] if place is None else [int(place)]
        hidden += [] if focused["ring"] and focused["seen"] else [focused]

    assert hidden == [], hidden
    assert places == sorted(places)
    assert sorted(set(range(many)) - set(places)) == []


def test_arrows_move_what_scrolls(county: Page) -> None:
    """A wide table takes the focus, and the arrows push it."""
    county.set_viewport_size({"width": 390, "height": 844})
    county.goto(f"{COUNTY}grid/")
    table = county.get_by_role("region", name="小学各校各项")
    table.focus()
    county.keyboard.press("ArrowDown")
    county.keyboard.press("ArrowRight")

    expect(table).to_have_js_property("scrollLeft", 40)
    assert table.evaluate("one => one.scrollTop") > 0


@pytest.mark.parametrize(("opened", "sign"), [(".help-text", ".help > summary"), (".drop-menu", ".drop > summary")])
def test_escape_closes_what_was_opened(county: Page, opened: str, sign: str) -> None:
    """Enter opens it, Escape closes it, and the focus is where it was."""
    first = county.locator(sign).first
    first.focus()
    county.keyboard.press("Enter")
    expect(county.locator(opened).first).to_be_visible()
    county.keyboard.press("Tab")
    county.keyboard.press("Escape")

    expect(county.locator(opened).first).to_be_hidden()
    expect(first).to_be_focused()


def test_escape_knows_what_was_opened_when_words_arrive(county: Page) -> None:
    """The link in a help text has the focus and goes away when the words come: Escape still leads back."""
    first = county.locator(".help > summary").first
    first.focus()
    county.keyboard.press("Enter")
    expect(county.locator(".help-text").first).to_be_visible()
    county.evaluate("document.activeElement.blur()")
    county.keyboard.press("Escape")

    expect(county.locator(".help-text").first).to_be_hidden()
    expect(first).to_be_focused()
