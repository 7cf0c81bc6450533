"""A report in real browsers: written, blocked, reviewed by two, signed by one; then its figures stay as they were."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from looking import FITS, Site, look, shut_out
from reporting import agreed, begun, confirmed, saved

TITLE = "创建工作周报（旅程）"
PHONE = {"width": 390, "height": 844}
WRONG, RIGHT = "已交办{{交办的任务}}项。", "已交办{{交办任务数}}项。"
# One more task is sent out while the signed report stands.
ASSIGNED = """
import datetime as dt
from django.utils import timezone
from junheng_web.organisation.models import Account, Area, Post, Unit
from junheng_web.organisation.scopes import scope_of
from junheng_web.supervision.services import task_assign, task_propose
by = scope_of(Account.objects.get(username="office"), timezone.localdate())
county, day = Area.objects.get(code="150699"), timezone.localdate()
told = {"title": "签发以后交办的（旅程）", "unit": Unit.objects.get(county=county, code="fin")}
told |= {"desk": Post.objects.get(code="fin-staff"), "start": day, "due": day + dt.timedelta(9)}
task_assign(by=by, task=task_propose(by=by, county=county, **told))
"""


def test_from_a_draft_to_a_signature_that_holds(site: Site, someone) -> None:
    """An open reference blocks whoever signs; two agree to what stands; what changes later is told beside."""
    office, leader = someone("office"), someone("leader")
    unit, desk = someone("fin-staff", PHONE), someone("edu-hr-desk")
    where = begun(office, "周报", TITLE)
    saved(office, WRONG)
    unit.goto(where)
    expect(unit.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    office.get_by_role("button", name="送会审").click()
    agreed(unit, where, "退回修改", "数没有填上")
    assert unit.evaluate(FITS)

    office.goto(where)
    office.get_by_role("button", name="送会审").click()
    for page in (unit, desk):
        agreed(page, where)
    leader.goto(where)
    leader.get_by_role("button", name="签发", exact=True).click()
    confirmed(leader)
    expect(leader.get_by_role("alert")).to_contain_text("正文引用了“交办的任务”，没有这个数")
    leader.get_by_role("link", name="看差什么").first.click()
    expect(leader.get_by_text("还差 1 项，全部办完才能签发")).to_be_visible()
    look(leader, "report-checklist")

    office.goto(where)
    saved(office, RIGHT)
    office.get_by_role("link", name="比较各稿").click()
    expect(office.locator("ins").first).to_contain_text("交办任务数")
    office.goto(where)
    office.get_by_role("button", name="送会审").click()
    for page in (unit, desk):
        agreed(page, where)
    leader.goto(where)
    leader.get_by_role("button", name="签发", exact=True).click()
    confirmed(leader)
    expect(leader.get_by_text("已签发：每个数和每份文件")).to_be_visible()
    expect(leader.get_by_text("没有变化：")).to_be_visible()
    text = leader.locator(".report-text p").first.inner_text()
    assert re.fullmatch(r"已交办\d+项。", text)

    site.shell(ASSIGNED)
    leader.goto(where)
    expect(leader.get_by_role("region", name="自签发以来变化").get_by_role("row")).to_have_count(2)
    expect(leader.locator(".report-text p").first).to_have_text(text)
    look(leader, "report-signed")
    assert shut_out(leader) == []
