"""Every page of the platform is looked at: full, empty, with the longest names; wide and on a phone; light and dark.

The list is the URL configuration: a page that is neither opened nor excused with a reason fails.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from looking import AXE, PICTURES_WANTED, RULES, WIDTHS, Site, faults_of, overflows, picture, settled
from looking import told as told_by_axe
from pages import EXCUSED, pages

HEAVIEST, PATIENCE_MS = 250_000, 60_000
WIDE, PHONE = WIDTHS
VIEWS = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
# The quick suite looks at each page where most goes wrong; with pictures, everywhere.
QUICK = {"full": [(WIDE, "light"), (PHONE, "dark")], "empty": [(PHONE, "light")], "longest": [(PHONE, "light")]}
HOW_MUCH = """kept => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(one => !kept.includes(one.name)).map(one => [one.name, one.encodedBodySize])"""


@pytest.fixture(scope="module")
def urls(site: Site) -> list[dict[str, Any]]:
    """Every URL of the platform."""
    return site.made("urls")


@pytest.fixture(scope="module")
def counties(site: Site) -> dict[str, dict[str, Any]]:
    """The three counties, by how they are filled: what their pages are about, and who opens them."""
    return {filled: site.made(filled, site.password) for filled in QUICK}


@pytest.fixture(scope="module")
def kept(browser: Browser, site: Site) -> list[str]:
    """What a browser has after its first visit: the addresses of styles and scripts that the sign-in page brings."""
    with window(browser, site) as page:
        page.goto("/sign-in", wait_until="load")
        return page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")


@contextmanager
def window(browser: Browser, site: Site) -> Iterator[Page]:
    """Open a page without the service worker, through which everything would come and nothing be weighed."""
    context = browser.new_context(
        base_url=site.address,
        service_workers="block",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_every_url_is_a_page_or_excused(urls, counties) -> None:
    """And no excuse outlives its URL."""
    names = {one["name"] for one in urls}
    opened = {page.name for page in pages(urls, counties["full"])}

    assert names - opened - set(EXCUSED) == set(), "say in pages.py how its address is filled, or why it is no page"
    assert set(EXCUSED) - names == set()
    assert [page.name for page in pages(urls, counties["full"]) if page.role not in counties["full"]["accounts"]] == [
        "sign_in"
    ]


@pytest.mark.parametrize("filled", QUICK)
def test_every_page_is_fit_to_be_read(browser: Browser, site: Site, urls, counties, kept, filled: str) -> None:
    """It answers, has one heading, is light, is no wider than a phone, breaks no script and shuts nobody out."""
    known, wrong = counties[filled], {}
    begun = time.monotonic()
    every = [one for one in pages(urls, known) if filled == "full" or known["county"] in one.address]
    for role in dict.fromkeys(page.role for page in every):
        with window(browser, site) as opened:
            faults = faults_of(opened)
            if role:
                site.sign_in(opened, known["accounts"][role])
                expect(opened.get_by_role("button", name="退出")).to_be_attached()
            for page in [one for one in every if one.role == role]:
                found = [*looked_at(opened, page, filled, kept), *faults]
                faults.clear()
                wrong.update({page.address: found} if found else {})
    print(filled, len(every), "pages in", round(time.monotonic() - begun), "s")
    assert wrong == {}


def looked_at(opened: Page, page: Any, filled: str, kept: list[str]) -> Iterator[str]:
    """Yield what is wrong with a page."""
    answer = opened.goto(page.address)
    if answer.status != 200 or not opened.url.endswith(page.address):
        yield f"{answer.status} at {opened.url}"
        return
    if opened.get_by_role("heading", level=1).count() != 1:
        yield "has not one heading above all"
    yield from _views(opened, f"{filled}-{page.picture}", VIEWS if PICTURES_WANTED else QUICK[filled])
    weight = dict(opened.evaluate(HOW_MUCH, kept))
    if sum(weight.values()) >= HEAVIEST:
        yield f"weighs {weight}"


def _views(opened: Page, name: str, views: list[tuple[int, str]]) -> Iterator[str]:
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    for width, scheme in views:
        opened.set_viewport_size({"width": width, "height": WIDTHS[width]})
        opened.emulate_media(color_scheme=scheme)
        settled(opened)
        if width == PHONE and (found := overflows(opened)):
            yield f"is wider than a phone in {scheme}: {found}"
        yield from told_by_axe(opened.evaluate("rules => axe.run({runOnly: rules})", RULES), f"{width} {scheme}")
        if PICTURES_WANTED:
            opened.screenshot(path=picture(f"{name}-{width}-{scheme}"), full_page=True)
