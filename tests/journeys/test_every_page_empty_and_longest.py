"""Every page of the platform is looked at, of a county that has nothing yet, and of one with the longest names."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from looking import Site
from walking import Share, walk

SHARES = (Share("longest"), Share("empty"))


@pytest.mark.parametrize("share", SHARES, ids=str)
def test_every_page_is_fit_to_be_read(browser: Browser, site: Site, county, share: Share) -> None:
    """As those of the full county."""
    assert walk(browser, site, share, county(share.filled)) == {}
