"""Every page of the platform is looked at: the first half of the full county's, and that nothing is left out.

The list is the URL configuration: a page that is neither opened nor excused with a reason fails.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Browser

from looking import Site
from pages import EXCUSED, pages
from walking import SHARES as MANY
from walking import Share, every, shares_walked, walk

SHARES = (Share("full", 0),)


@pytest.fixture(scope="module")
def urls(site: Site) -> list[dict[str, Any]]:
    """Every URL of the platform."""
    return site.made("urls")


def test_every_url_is_a_page_or_excused(urls, county) -> None:
    """And no excuse outlives its URL."""
    names, full = {one["name"] for one in urls}, county("full")
    opened = {page.name for page in pages(urls, full)}

    assert names - opened - set(EXCUSED) == set(), "say in pages.py how its address is filled, or why it is no page"
    assert set(EXCUSED) - names == set()
    assert [page.name for page in pages(urls, full) if page.role not in full["accounts"]] == ["sign_in"]


def test_every_page_is_walked_exactly_once(urls, county) -> None:
    """Each share by one file of tests, and each page in one share."""
    assert Counter(shares_walked()) == Counter(Share(filled, at) for filled, many in MANY.items() for at in range(many))
    full = county("full")
    walked = [page for share in shares_walked() if share.filled == "full" for page in share.pages(urls, full)]
    assert Counter(walked) == Counter(every(urls, full, "full"))
    assert len(walked) == len(list(pages(urls, full)))


@pytest.mark.parametrize("share", SHARES, ids=str)
def test_every_page_is_fit_to_be_read(browser: Browser, site: Site, county, share: Share) -> None:
    """It answers, has one heading, is light, is no wider than a phone, breaks no script and shuts nobody out."""
    assert walk(browser, site, share, county(share.filled)) == {}
