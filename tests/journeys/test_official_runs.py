"""The office decides in a browser, and who should know hears of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out

COUNTY = "/c/150699/"
# A second run of the same data, by the rules of an earlier day; then everything so far is heard.
ANOTHER = """
import datetime as dt
from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_make
from junheng_web.config.reactions import REACTIONS
from junheng_web.organisation import events
uploaded = Run.objects.filter(county__code="150699", snapshot__ledger=None)
one = uploaded.select_related("county", "snapshot").first()
day = dt.date(2021, 9, 1)
print(run_make(by=None, county=one.county, snapshot=one.snapshot, standard="national-2017", as_of=day).code)
events.react(REACTIONS)
"""
HEARD = """
from junheng_web.config.reactions import REACTIONS
from junheng_web.organisation import events
print(events.react(REACTIONS))
"""


@pytest.fixture
def trial(site: Site) -> str:
    """The code of a run that is not official."""
    return site.shell(ANOTHER).strip()


def page_of(page: Page, path: str, name: str) -> None:
    """Open a page, look at it, and see that it shuts nobody out."""
    assert page.goto(COUNTY + path).status == 200
    assert shut_out(page) == []
    assert not overflows(page)
    look(page, name)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_pages_of_what_is_decided_shut_nobody_out(office: Page, trial: str) -> None:
    """Axe finds nothing, and a phone need not be pushed about."""
    office.wait_for_url(f"**{COUNTY}")
    page_of(office, f"runs/{trial}/official/", "declare")
    page_of(office, "review-date/", "review-date")
    page_of(office, "notices/", "notices")


def test_a_run_is_declared_heard_of_and_withdrawn(office: Page, page: Page, site: Site, trial: str) -> None:
    """From the list, by a page that asks; the leader reads of it; taken back, the run before it is shown again."""
    office.wait_for_url(f"**{COUNTY}")
    office.get_by_role("link", name="评估记录").click()
    office.get_by_role("link", name=f"定为正式：{trial}").click()
    expect(office.get_by_role("main")).to_contain_text("统计口径")
    office.get_by_label("这份数据已经按程序审核").check()
    office.get_by_role("button", name="定为正式评估").click()
    expect(office.get_by_role("main")).to_contain_text(re.compile(f"正式评估，编号 {trial}"))

    assert int(site.shell(HEARD)) > 0
    _read_as_the_leader(page, site, trial)

    site.sign_in(office, "office")
    office.goto(f"{COUNTY}runs/{trial}/official/withdraw/")
    assert shut_out(office) == []
    office.get_by_label("为什么撤销").fill("数据报错，要更正后重评")
    office.get_by_role("button", name="撤销", exact=True).click()
    office.wait_for_url(f"**{COUNTY}")
    expect(office.locator(".about")).not_to_contain_text(trial)


def _read_as_the_leader(page: Page, site: Site, trial: str) -> None:
    """Open the notice by keyboard: it leads to the run, and counts no more."""
    page.context.clear_cookies()
    site.sign_in(page, "leader")
    page.wait_for_url(f"**{COUNTY}")
    page.get_by_role("link", name=re.compile("通知 .* 条未读")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("通知")
    unread = page.get_by_role("row").filter(has_text="未读")
    before = unread.count()
    notice = page.get_by_role("button", name=re.compile("本县定了正式评估")).first
    notice.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?run={trial}")
    page.goto(f"{COUNTY}notices/")
    expect(unread).to_have_count(before - 1)
    page.context.clear_cookies()
