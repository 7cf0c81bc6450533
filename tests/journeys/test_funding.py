"""The funding ledger in real browsers: a gap gets money, finance pays, the head accepts, the form takes it in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from looking import MODULES, Site
from planned_and_paid import gate, opened

HERE = "/c/150699/funding/"
SCHOOL = "1506990006"
NAME = "购置教学仪器（旅程，虚构）"
MODULE = f"import sys; sys.path[:0] = {MODULES}; "
# The example as it was: the item counts no more, the form holds what it held.
RESTORED = f"""
from collected import acting, form_of
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.models import Entry
from junheng_web.collection.ledger.values import kept_of, typed
from junheng_web.funding.models import Contract, Item, Payment
from junheng_web.funding.rising import rise_withdraw
from junheng_web.funding.services import item_drop
for one in Item.objects.filter(name={NAME!r}, dropped=""):
    Payment.objects.filter(item=one).update(undone="journey")
    Contract.objects.filter(item=one).update(undone="journey")
for one in Item.objects.filter(rises__undone="", line__school__code={SCHOOL!r}).distinct():
    rise_withdraw(by=acting("office"), item=one, why="journey")
for one in Item.objects.filter(name={NAME!r}, dropped=""):
    item_drop(by=acting("office"), item=one, why="journey")
cell = ("schools", {SCHOOL!r}, "equipment_value")
first = Entry.objects.filter(ledger=form_of().ledger, row=cell[1], column=cell[2]).order_by("revision").first()
form_save(by=acting("office"), one=form_of(), texts=[(cell, typed(kept_of(first), cell), None)])
"""


@pytest.fixture(autouse=True)
def _restored(site: Site) -> Iterator[None]:
    """Leave the ledger and the form as they were found."""
    yield
    site.shell(f"{MODULE}\n{RESTORED}")


def test_from_an_item_to_the_school_s_form(site: Site, someone) -> None:
    """The office adds it, finance signs and pays, the head accepts and books it, the clerk puts it into the form."""
    office, finance, head, clerk = (someone(name) for name in ("office", "fin-staff", "head-03", "clerk-03"))
    office.goto(f"{HERE}add/")
    office.locator("#id_school").select_option(SCHOOL)
    office.get_by_label("内容").fill(NAME)
    office.get_by_label("办什么").select_option("equipment_value")
    office.get_by_label("数量").fill("200000")
    office.get_by_label("计划金额（万元）").fill("20")
    office.get_by_role("button", name="登记").click()
    expect(office.get_by_text("已登记为 Z")).to_be_visible()
    address = office.url
    opened(office, "注明不需要办的")
    office.get_by_label("为什么不需要").fill("只买设备")
    office.get_by_role("button", name="记为不需要").click()
    for place, label in enumerate(("申报", "立项批复", "财政评审", "采购", "合同"), 1):
        gate(office, label, f"2026-03-0{place}")

    finance.goto(address)
    opened(finance, "记合同")
    finance.get_by_label("合同编号").fill("示合 77")
    finance.get_by_label("对方").fill("示例公司")
    finance.get_by_label("签订日期").fill("2026-03-05")
    finance.get_by_label("合同金额（万元）").fill("19.8")
    finance.get_by_role("button", name="记合同").click()
    for voucher, amount in (("示付 1", "9.8"), ("示付 2", "10")):
        opened(finance, "记支付")
        finance.get_by_label("凭证号").fill(voucher)
        finance.get_by_label("支付日期").fill("2026-04-01")
        finance.get_by_label("支付金额（万元）").fill(amount)
        finance.get_by_label("按哪份合同").select_option(label="示合 77（19.8 万元）")
        finance.get_by_role("button", name="记支付").click()
        expect(finance.get_by_text("支付已记")).to_be_visible()
    finance.goto(f"{HERE}actual/")
    expect(finance.get_by_role("row", name=NAME)).to_contain_text("19.8")

    head.goto(address)
    gate(head, "竣工验收", "2026-04-10")
    gate(head, "固定资产入账", "2026-04-20")
    expect(head.get_by_role("heading", level=1)).to_contain_text("关口办完")

    clerk.goto(f"/c/150699/collection/2025/current/school/{SCHOOL}/")
    clerk.get_by_role("link", name="看会给这份表加多少").click()
    expect(clerk.get_by_role("row", name=NAME)).to_contain_text("20")
    clerk.get_by_role("button", name="加进填报表").click()
    expect(clerk.get_by_text("个项目的数加进填报表")).to_be_visible()
    office.goto(HERE)
    expect(office.get_by_text("横着加、竖着加都是")).to_be_visible()
