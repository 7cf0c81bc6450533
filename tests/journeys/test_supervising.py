"""A task from 立项 to 办结 in real browsers: the office, a unit on a phone, the leader who writes an instruction."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out

TASKS = "/c/150699/tasks/"
TITLE = "核对仪器设备验收单（旅程）"
PHONE = {"width": 390, "height": 844}
PDF = {"name": "验收单.pdf", "mimeType": "application/pdf"}
# Another content than the made counties' files have: the same content is one file, under its first name.
CONTENT = (
    b"%PDF-1.4\n%1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)
# Somebody else writes into a task while it is open in a browser.
EDITED = """
import datetime as dt
from django.utils import timezone
from junheng_web.organisation.models import Account
from junheng_web.organisation.scopes import scope_of
from junheng_web.supervision.models import Task
from junheng_web.supervision.services import task_edit
by = scope_of(Account.objects.get(username="office"), timezone.localdate())
one = Task.objects.select_related("unit", "desk").get(title="{title}")
about = {{"indicators": [], "schools": [], "supports": []}}
task_edit(by=by, task=one, version=one.version, unit=one.unit, desk=one.desk, demand="另一个人写的要求", **about)
"""


@pytest.fixture
def unit(someone) -> Iterator[Page]:
    """A unit's liaison on a phone."""
    return someone("fin-staff", PHONE)


def way(page: Page, button: str, **fields: str) -> None:
    """Take a step with the task that is open: write into its fields, and press its button."""
    form = page.locator("details.way").filter(has=page.locator("summary", has_text=button)).first
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for label, text in fields.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name=button, exact=True).click()
    confirmed = page.get_by_role("dialog").get_by_role("button", name="确定")
    if confirmed.is_visible():
        confirmed.click()


def propose(page: Page, title: str) -> str:
    """Write a task down for the 财政局, and return where it is."""
    page.goto(TASKS)
    page.get_by_role("link", name="立项").click()
    page.get_by_role("textbox", name="事项").fill(title)
    page.get_by_label("责任单位").select_option(label="财政局")
    page.get_by_label("经办岗位").select_option(label="财政局：财政局联络员")
    page.get_by_label("截止").fill("2099-12-01")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return page.url


def test_a_task_from_its_beginning_to_its_end(someone, unit: Page) -> None:
    """Assigned, received, reported with evidence, asked, returned, mended, closed; each sees it on the first page."""
    office = someone("office")
    where = propose(office, TITLE)
    unit.goto(where)
    expect(unit.get_by_role("heading", name="没有这一页")).to_be_visible()
    way(office, "交办")
    expect(office.get_by_text("已交办。")).to_be_visible()

    unit.goto("/")
    unit.get_by_role("link", name=f"待签收：{TITLE}").click()
    way(unit, "签收")
    way(unit, "记办理情况", 办理情况="单子在附件里")
    expect(unit.get_by_text("已记下。")).to_be_visible()
    form = unit.locator("details.way").filter(has_text="申请办结")
    form.locator("summary").click()
    form.get_by_label("附件").set_input_files({**PDF, "buffer": CONTENT})
    form.get_by_label("办结情况").fill("验收单都核对过了")
    form.get_by_role("button", name="申请办结").click()
    expect(unit.get_by_role("link", name="验收单.pdf")).to_be_visible()
    look(unit, "task-of-a-unit")
    assert not overflows(unit)

    office.goto(where)
    way(office, "退回重办", **{"退回的原因：还缺什么": "还缺一张"})
    unit.goto(where)
    expect(unit.get_by_text("还缺一张")).to_be_visible()
    way(unit, "申请办结", 办结情况="补上了")
    office.goto(where)
    way(office, "审核通过，办结")
    expect(office.get_by_text("已办结。")).to_be_visible()
    expect(office.locator(".chain .reached").last).to_contain_text("办结")
    assert shut_out(office) == []


def test_two_people_editing_one_task_see_both_texts(site: Site, someone) -> None:
    """What one typed is still in the form; one decides, and no word is lost."""
    office, title = someone("office"), "两个人一起改的任务（旅程）"
    where = propose(office, title)
    office.get_by_role("link", name="修改").click()
    office.get_by_role("textbox", name="要求").fill("我写的要求")
    site.shell(EDITED.format(title=title))
    office.get_by_role("button", name="保存").click()
    both = office.get_by_role("region", name="两边不一样的地方")
    expect(both).to_contain_text("我写的要求")
    expect(both).to_contain_text("另一个人写的要求")
    expect(office.get_by_role("textbox", name="要求")).to_have_value("我写的要求")
    office.get_by_role("button", name="保存").click()
    expect(office).to_have_url(where)
    expect(office.locator(".words").first).to_have_text("我写的要求")
    expect(office.get_by_text("“另一个人写的要求”改为“我写的要求”")).to_be_visible()


def test_a_leader_s_instruction_and_a_slip_that_is_signed(someone, unit: Page) -> None:
    """The leader writes; the office assigns, drafts and reviews a slip; the unit sees it when the leader has signed."""
    leader, office = someone("leader"), someone("office")
    leader.goto(f"{TASKS}instructions/add/")
    leader.get_by_label("批示", exact=True).fill("请财政局说明进度（旅程）")
    leader.get_by_label("责任单位").select_option(label="财政局")
    leader.get_by_label("截止").fill("2099-12-01")
    leader.get_by_role("button", name="记下并立项").click()
    expect(leader.get_by_text("批示已记下并立了项")).to_be_visible()

    office.goto(TASKS)
    office.get_by_role("link", name="请财政局说明进度（旅程）").click()
    way(office, "交办")
    office.get_by_role("link", name="拟督办单").click()
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_text("已审核，等签发")).to_have_count(0)
    slip = office.url
    way(office, "审核通过，送签发")
    unit.goto(slip)
    expect(unit.get_by_role("heading", name="没有这一页")).to_be_visible()

    leader.goto("/")
    leader.get_by_role("link", name="督办单：关于抓紧办理“请财政局说明进度（旅程）”的督办单").click()
    way(leader, "签发")
    expect(leader.get_by_text("已签发，文号")).to_be_visible()
    unit.goto(slip)
    unit.get_by_role("link", name="打印件").click()
    expect(unit.locator(".official-head")).to_contain_text("领导小组办公室")
    look(unit, "slip-on-paper")
    assert shut_out(unit) == []


def test_the_list_of_who_is_late_is_copied_with_one_click(someone) -> None:
    """The page says that it was, or what to press."""
    office = someone("office")
    office.goto(f"{TASKS}late/")
    office.get_by_role("button", name="复制").click()
    expect(office.locator("[data-copied]")).to_contain_text("已复制")
    assert shut_out(office) == []


def test_a_leader_drafts_a_circular_that_the_office_sends(someone, unit: Page) -> None:
    """From the figures, by one click; the office reviews it; the unit reads it when it has a number."""
    leader, office = someone("leader"), someone("office")
    leader.goto("/c/150699/rectification/leader/")
    leader.get_by_role("link", name="拟通报").click()
    expect(leader.get_by_label("正文")).to_have_value(re.compile("财政局：交办任务"))
    leader.get_by_label("标题").fill("办理情况通报（旅程）")
    look(leader, "circular")
    leader.get_by_role("button", name="存为通报稿").click()
    expect(leader.get_by_text("还没有发")).to_be_visible()
    where = leader.url
    unit.goto(where)
    expect(unit.get_by_role("heading", name="没有这一页")).to_be_visible()

    office.goto("/")
    office.get_by_role("link", name="通报：办理情况通报（旅程）").click()
    way(office, "审核通过，送签发")
    leader.goto(where)
    way(leader, "签发")
    expect(leader.get_by_text("已签发，文号")).to_be_visible()
    unit.goto(where)
    expect(unit.get_by_text("财政局：交办任务")).to_be_visible()
    assert shut_out(unit) == []
