"""What journeys share: signing in, pictures of a page, and what shuts people out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, expect

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "pictures"
AXE = Path(__file__).parent / "assets" / "axe-core" / "axe.min.js"
WIDTHS = {1440: 900, 390: 844}
# `make pictures` and `make thorough` look at every page in every light; the quick suite takes no pictures.
PICTURES_WANTED = os.environ.get("JUNHENG_PICTURES") == "1"
# What is run inside the platform finds the tests' own modules.
MODULES = [str(Path(__file__).parent), str(ROOT / "tests" / "junheng_web")]
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
# Which of a page's parts are wider than the window, but for those inside of what scrolls by itself.
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".table-responsive *, .table-scroll *"))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => `${one.tagName}.${one.className} ${one.getBoundingClientRect().right}`).slice(0, 5)"""
LOOKS, BETWEEN_MS = 20, 100
# What passes is not listed node by node: listing it takes three quarters of the time.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass(frozen=True, slots=True)
class Site:
    """A running platform: its address, the password of the demonstration's accounts, and its `junheng-web shell`."""

    address: str
    password: str
    shell: Callable[[str], str]

    def made(self, name: str, *arguments: str) -> Any:
        """Call a function of `made_counties` inside the platform and return what it returns."""
        call = f"{name}({', '.join(map(repr, arguments))})"
        begin = f"import json, sys; sys.path[:0] = {MODULES}; import made_counties as made"
        return json.loads(self.shell(f"{begin}; print(json.dumps(made.{call}))").splitlines()[-1])

    def sign_in(self, page: Page, username: str, password: str = "") -> None:
        """Fill in the sign-in page and send it."""
        page.goto("/sign-in")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(password or self.password)
        page.get_by_role("button", name="登录").click()


def faults_of(page: Page) -> list[str]:
    """Return a list that fills with what goes wrong in the page's scripts; an answer's status is no fault of theirs."""
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def settled(page: Page) -> None:
    """Wait until every chart is drawn."""
    expect(page.locator("figure[data-chart]:not([data-drawn])")).to_have_count(0)


def picture(name: str) -> Path:
    """Return the file in which a picture is kept."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{name}.png"


def look(page: Page, name: str) -> None:
    """Take pictures of the page, wide and as on a phone, light and dark, into build/pictures, where they are wanted."""
    if not PICTURES_WANTED:
        return
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=picture(f"{name}-{width}-{scheme}"), full_page=True)
    page.emulate_media(color_scheme="light")


def shut_out(page: Page) -> list[str]:
    """Return what axe finds, wide and light, narrow and dark: rule, what it means, and where."""
    found: list[str] = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for (width, height), scheme in zip(WIDTHS.items(), ("light", "dark"), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        settled(page)
        found += told(page.evaluate("rules => axe.run(rules)", RULES), f"{width} {scheme}")
    page.emulate_media(color_scheme="light")
    return found


def told(answer: dict[str, Any], where: str) -> list[str]:
    """Return what axe found, in words."""
    return [_told(one, where) for one in answer["violations"]]


def _told(violation: dict[str, Any], where: str) -> str:
    nodes = "; ".join(
        f"{' '.join(map(str, node['target']))} {node['failureSummary']}" for node in violation["nodes"][:4]
    )
    return f"{where}: {violation['id']}: {violation['help']}: {nodes}"


def overflows(page: Page) -> list[str]:
    """Return what sticks out of a page on a phone, so that one would have to push it about; nothing where it fits.

    A browser tells its new size before the page is laid out for it: what sticks out must still do so a moment later.
    """
    page.set_viewport_size({"width": 390, "height": WIDTHS[390]})
    for _ in range(LOOKS):
        if page.evaluate(FITS):
            return []
        page.wait_for_timeout(BETWEEN_MS)
    return page.evaluate(STICKS_OUT) or ["the page itself"]
