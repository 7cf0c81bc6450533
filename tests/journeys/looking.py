"""What journeys share: signing in, pictures of a page, and what shuts people out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "pictures"
AXE = Path(__file__).parent / "assets" / "axe-core" / "axe.min.js"
WIDTHS = {1440: 900, 390: 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Site:
    """A running platform: its address, and the password of every account of the demonstration."""

    address: str
    password: str

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


def look(page: Page, name: str) -> None:
    """Take pictures of the page, wide and as on a phone, light and dark, into build/pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")


def shut_out(page: Page) -> list[str]:
    """Return what axe finds, light and dark, wide and narrow: rule, what it means, and where."""
    found: list[str] = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settled(page)
            answer = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
            found += [_told(one, f"{width} {scheme}") for one in answer["violations"]]
    page.emulate_media(color_scheme="light")
    return found


def _told(violation: dict, where: str) -> str:
    nodes = "; ".join(
        f"{' '.join(map(str, node['target']))} {node['failureSummary']}" for node in violation["nodes"][:4]
    )
    return f"{where}: {violation['id']}: {violation['help']}: {nodes}"


def overflows(page: Page) -> bool:
    """Return whether the page is wider than a phone, so that one would have to push it about."""
    page.set_viewport_size({"width": 390, "height": WIDTHS[390]})
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
