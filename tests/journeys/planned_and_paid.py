"""What journeys about plans and money share: a scenario begun, what waits done, an item taken through its gates."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

HERE = "/c/150699/planning/"
# A worker's turn: what waits is done.
WORK = """
from importlib import import_module
from django.conf import settings
from junheng_web.organisation.jobs import run_next
import_module(settings.ROOT_URLCONF)
while run_next():
    pass
"""


def begin(office: Page, name: str) -> None:
    """Make a scenario; its page stands open."""
    office.goto(f"{HERE}scenarios/")
    office.get_by_role("link", name="新的推演").click()
    office.get_by_label("名称").fill(name)
    office.get_by_role("button", name="开始推演").click()
    expect(office.get_by_role("heading", name=name, level=1)).to_be_visible()


def open_edit(office: Page, title: str) -> Locator:
    """Open one of the small forms and return it."""
    part = office.locator("details.try").filter(has=office.locator("summary", has_text=title))
    part.locator("summary").click()
    return part


def opened(page: Page, name: str) -> None:
    """Open one of the folded forms of an item's page."""
    page.get_by_role("heading", name=name, exact=True).click()


def gate(page: Page, label: str, day: str) -> None:
    """Say that an item went through its next gate."""
    expect(page.get_by_role("heading", name=f"办下一道：{label}")).to_be_visible()
    page.get_by_label("日期", exact=True).fill(day)
    page.get_by_role("button", name="记为办了").click()
