"""Visits in real browsers: an inspector on a phone, on a line that is down; the office confirms; the answer follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from looking import Site, look, overflows, shut_out

HERE = "/c/150699/visits/"
SCHOOL = "北梁苏木中心小学"
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CHARTER = "有经核准的章程，并按章程办事"
# What a finger hits.
LEAST_TARGET = 44
# Visits, grades and notices as the demonstration made them.
RESTORED = """
from junheng_web.collection.models import Cell, Entry, Ledger
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.values import kept_of
ledger = Ledger.objects.get(county__code="150699", basis="current")
first = {one.key: one for one in Entry.objects.filter(ledger=ledger).order_by("-revision")}
changed = [Change(one.key, kept_of(first[one.key])) for one in Cell.objects.filter(ledger=ledger, revision__gt=1)]
cells_save(by=None, ledger=ledger, changes=changed)
"""


@pytest.fixture(autouse=True)
def _restored(site: Site) -> Iterator[None]:
    """Leave the ledger as it was found."""
    yield
    site.shell(RESTORED)


def begin(page: Page, school: str) -> None:
    """Begin a visit of one of one's schools."""
    page.goto(HERE)
    page.get_by_role("link", name=f"看{school}").or_(page.get_by_role("link", name=f"再看一次{school}")).first.click()
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_role("heading", name=school, level=1)).to_be_visible()


def point(page: Page, text: str) -> Locator:
    """Return one point of a visit."""
    return page.locator(".point").filter(has_text=text)


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    expect(page.locator("#net")).to_have_text("已保存")


def finish(page: Page) -> None:
    """Say that the visit is finished, and confirm it."""
    page.get_by_role("button", name="完成这次查看").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()


def test_an_inspector_on_a_phone_whose_line_goes_down(someone) -> None:
    """Each touch is kept: sent at once, or when the line is back; nothing is finished before everything has arrived."""
    phone = someone("inspector-1", PHONE)
    begin(phone, SCHOOL)
    first = point(phone, CHARTER)
    first.get_by_role("button", name="部分达到").click()
    saved(phone)
    for button in phone.locator(".choice").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= LEAST_TARGET
    assert not overflows(phone)

    phone.context.set_offline(True)
    first.get_by_role("button", name="达到", exact=True).click()
    first.get_by_text("现场记录").click()
    first.get_by_role("textbox", name="现场记录").fill("章程今年修订过")
    phone.locator("#noted").click()
    expect(phone.locator("#net")).to_contain_text("没有存上，先存在本机")
    finish(phone)
    expect(phone.locator("#left")).to_contain_text("没有存上，先不能完成")
    phone.context.set_offline(False)
    phone.reload()
    saved(phone)
    expect(first.get_by_role("button", name="达到", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(first.get_by_role("textbox", name="现场记录")).to_have_value("章程今年修订过")
    expect(phone.locator("#noted")).to_have_text("1")

    second = point(phone, "课后服务自愿参加")
    second.get_by_role("button", name="不适用").click()
    second.get_by_label("为什么不适用").fill("教学点没有课后服务")
    phone.locator("#noted").click()
    saved(phone)
    look(phone, "visits-visit")
    phone.set_viewport_size(PHONE)
    finish(phone)
    expect(phone.get_by_role("status").filter(has_text="这次查看已完成")).to_be_visible()
    expect(phone.get_by_role("main")).to_contain_text("章程今年修订过")
    assert shut_out(phone) == []


def test_two_who_write_on_one_visit_see_each_other(someone) -> None:
    """The office writes down from paper what the inspector is writing as well: what one did appears at the other."""
    phone, office = someone("inspector-1", PHONE), someone("office")
    begin(phone, "青柳镇中心小学")
    office.goto(phone.url)
    point(office, CHARTER).get_by_role("button", name="未达到").click()
    saved(office)
    point(phone, "管理平台在用").get_by_role("button", name="达到", exact=True).click()
    saved(phone)
    expect(point(phone, CHARTER).get_by_role("button", name="未达到")).to_have_attribute("aria-pressed", "true")
    expect(point(phone, CHARTER)).to_contain_text("陈乐平")
    expect(phone.locator("#noted")).to_have_text("2")


def test_the_office_confirms_and_the_answer_follows(someone) -> None:
    """A school that fails an item is listed; once the office has confirmed it, the verdict fails the county for it."""
    inspector, office, head = someone("inspector-1", PHONE), someone("office"), someone("head-03")
    begin(inspector, "示例旗实验小学")
    for text in (CHARTER, "管理平台在用", "教学信息化常态使用"):
        point(inspector, text).get_by_role("button", name="未达到").click()
    saved(inspector)
    finish(inspector)
    expect(inspector.get_by_role("status").filter(has_text="这次查看已完成")).to_be_visible()

    head.goto("/c/150699/notices/")
    head.get_by_role("button", name="示例旗实验小学：").first.click()
    expect(head.get_by_role("heading", name="示例旗实验小学", level=1)).to_be_visible()
    head.get_by_label("学校的回复").fill("章程九月已重新核准，请再看")
    head.get_by_role("button", name="回复").click()
    expect(head.get_by_role("main")).to_contain_text("章程九月已重新核准")

    preview = "/c/150699/live/2025/current/"
    office.goto(preview)
    expect(office.get_by_role("main")).not_to_contain_text("B25")
    office.goto(f"{HERE}2025/results/")
    office.get_by_role("link", name="B25 ").click()
    expect(office.get_by_role("main")).to_contain_text("示例旗实验小学 不达标")
    office.get_by_label("全县评定").select_option("达标")
    office.get_by_role("button", name="确认", exact=True).click()
    expect(office.get_by_role("main")).to_contain_text("定为别的等级要写明理由")
    office.get_by_label("全县评定").select_option("不达标")
    look(office, "visits-item")
    office.set_viewport_size(WIDE)
    office.get_by_role("button", name="确认", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="B25 已确认")).to_be_visible()
    assert shut_out(office) == []
    office.set_viewport_size(WIDE)
    office.goto(preview)
    expect(office.get_by_role("main")).to_contain_text("B25")
    expect(office.get_by_role("main")).to_contain_text("示例旗实验小学")
    office.goto("/c/150699/collection/2025/current/unit/office/")
    expect(office.get_by_role("main")).to_contain_text("这是督导查看以后确认的评定")
