"""A page is light: what the first visit brings, and what each page needs after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from looking import Site, settled

FIRST_VISIT, LATER = 100_000, 250_000


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A window without the service worker, through which every page would come and none be weighed."""
    made = browser.new_context(base_url=site.address, service_workers="block")
    made.set_default_timeout(20_000)
    yield made
    made.close()


def weighed(page: Page, address: str) -> dict[str, int]:
    """Return the bytes that came over the wire for a page, per address; what the browser had kept is not among them."""
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = {}

    def came(response: Response) -> None:
        sizes[response.url] = int(response.headers["content-length"])

    page.on("response", came)
    page.goto(address, wait_until="networkidle")
    settled(page)
    page.remove_listener("response", came)
    kept = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.transferSize === 0).map(one => one.name)"
    )
    return {url: size for url, size in sizes.items() if url not in kept}


def test_no_page_weighs_more_than_an_office_line_bears(page: Page, site: Site) -> None:
    """The first visit brings styles and scripts, compressed, once; later pages bring little but themselves."""
    first = weighed(page, "/sign-in")
    assert 0 < sum(first.values()) < FIRST_VISIT, first

    site.sign_in(page, "office")
    page.wait_for_url("**/c/150699/")
    chart = weighed(page, "/components")
    again = weighed(page, "/components")

    assert sum(chart.values()) < LATER, chart
    assert sum(again.values()) < FIRST_VISIT / 2, again
    print("first visit", sum(first.values()), "with a chart", sum(chart.values()), "again", sum(again.values()))
