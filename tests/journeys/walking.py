"""The walk through every page: full, empty, with the longest names; wide and on a phone; light and dark.

A walk takes minutes, so that it is dealt out: each file of tests walks some shares, and together they walk every page
once (`test_every_page.py` says so).
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Opened

from looking import AXE, PICTURES_WANTED, RULES, WIDTHS, Site, faults_of, overflows, picture, settled, told
from pages import Page, pages

HEAVIEST, PATIENCE_MS = 250_000, 60_000
WIDE, PHONE = WIDTHS
VIEWS = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
# The quick suite looks at each page where most goes wrong; with pictures, everywhere.
QUICK = {"full": [(WIDE, "light"), (PHONE, "dark")], "empty": [(PHONE, "light")], "longest": [(PHONE, "light")]}
# Among how many files the pages of a county are dealt out.
SHARES = {"full": 2, "empty": 1, "longest": 1}
HOW_MUCH = """kept => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(one => !kept.includes(one.name)).map(one => [one.name, one.encodedBodySize])"""
Known = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the pages of a county, by how it is filled: the first of two, say."""

    filled: str
    first: int = 0

    def __str__(self) -> str:
        return f"{self.filled}-{self.first + 1}-of-{SHARES[self.filled]}"

    def pages(self, urls: list[dict[str, Any]], known: Known) -> list[Page]:
        """Return the share's pages. Those of one role are dealt out in turn, so that shares take about as long."""
        return sorted(every(urls, known, self.filled), key=lambda page: page.role or "")[
            self.first :: SHARES[self.filled]
        ]


def every(urls: list[dict[str, Any]], known: Known, filled: str) -> list[Page]:
    """Return every page that a county has; what belongs to none is looked at with the full one."""
    return [one for one in pages(urls, known) if filled == "full" or known["county"] in one.address]


def shares_walked() -> list[Share]:
    """Return the shares that the files of tests walk."""
    files = sorted(Path(__file__).parent.glob("test_every_page*.py"))
    return [share for file in files for share in importlib.import_module(file.stem).SHARES]


@contextmanager
def window(browser: Browser, site: Site) -> Iterator[Opened]:
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


def kept_by(browser: Browser, site: Site) -> list[str]:
    """Return what a browser has after its first visit: the styles and scripts that the sign-in page brings."""
    with window(browser, site) as page:
        page.goto("/sign-in", wait_until="load")
        return page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")


def walk(browser: Browser, site: Site, share: Share, known: Known) -> dict[str, list[str]]:
    """Look at a share's pages, each by who opens it, and return what is wrong with which."""
    begun, wrong, kept = time.monotonic(), {}, kept_by(browser, site)
    own = share.pages(site.made("urls"), known)
    for role in dict.fromkeys(page.role for page in own):
        with window(browser, site) as opened:
            faults = faults_of(opened)
            if role:
                site.sign_in(opened, known["accounts"][role])
                expect(opened.get_by_role("button", name="退出")).to_be_attached()
            for page in [one for one in own if one.role == role]:
                found = [*looked_at(opened, page, share.filled, kept), *faults]
                faults.clear()
                wrong.update({page.address: found} if found else {})
    print(share, len(own), "pages in", round(time.monotonic() - begun), "s")
    return wrong


def looked_at(opened: Opened, page: Page, filled: str, kept: list[str]) -> Iterator[str]:
    """Yield what is wrong with a page: it answers, has one heading, is light, fits a phone, shuts nobody out."""
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


def _views(opened: Opened, name: str, views: list[tuple[int, str]]) -> Iterator[str]:
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    for width, scheme in views:
        opened.set_viewport_size({"width": width, "height": WIDTHS[width]})
        opened.emulate_media(color_scheme=scheme)
        settled(opened)
        if width == PHONE and (found := overflows(opened)):
            yield f"is wider than a phone in {scheme}: {found}"
        yield from told(opened.evaluate("rules => axe.run(rules)", RULES), f"{width} {scheme}")
        if PICTURES_WANTED:
            opened.screenshot(path=picture(f"{name}-{width}-{scheme}"), full_page=True)
