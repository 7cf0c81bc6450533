"""A league with a hundred counties and the longest names: all of them stand side by side, on a phone too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out


@pytest.fixture(scope="module")
def league(site: Site) -> dict[str, Any]:
    """The league, and who looks at it."""
    return site.made("league", site.password)


@pytest.fixture
def above(page: Page, site: Site, league: dict[str, Any]) -> Page:
    """The league's page, to which its viewer comes."""
    site.sign_in(page, league["viewer"])
    page.wait_for_url(f"**/a/{league['code']}/")
    return page


def test_one_finds_a_county_among_a_hundred_and_comes_back(above: Page, league: dict[str, Any]) -> None:
    """By its verdict, its name leads to its own page, and the menu back."""
    counties = above.get_by_role("region", name="各县", exact=True)
    expect(counties.get_by_role("row")).to_have_count(league["counties"] + 1)
    above.get_by_role("link", name="不达标：").click()
    expect(above.get_by_label("只看")).to_have_value("fail")
    expect(counties.get_by_role("row")).to_have_count(league["failing"] + 1)
    counties.get_by_role("rowheader").first.get_by_role("link").click()
    above.wait_for_url("**/c/1597*/")
    above.get_by_role("navigation", name="主菜单").get_by_role("link", name="所辖各县").click()
    above.wait_for_url(f"**/a/{league['code']}/")


def test_the_page_shuts_nobody_out(above: Page) -> None:
    """Axe finds nothing, and a phone need not be pushed about."""
    look(above, "counties-of-a-league")
    assert shut_out(above) == []
    assert not overflows(above)
