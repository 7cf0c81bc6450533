"""One follows what takes long, and stops it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from looking import Site, look, overflows, shut_out

SUBMIT = """
from junheng_web.organisation.models import Account, Area, Job
office = Account.objects.get(username="office").id
print(Job.objects.create(kind="none", county=Area.objects.get(code="150699"), by_account=office, status="running").id)
"""
REPORT = """
from junheng_web.organisation.models import Job
Job.objects.filter(id={job}).update(done=30, total=120, doing="正在核对第 30 所学校")
"""
FAIL = """
from django.utils import timezone
from junheng_web.organisation.models import Job
Job.objects.filter(id={job}).update(status="failed", error="第 3 张表读不懂", ended_at=timezone.now())
"""


def test_one_follows_a_job_to_its_end(office: Page, site: Site) -> None:
    """The page shows by itself how far it is and how it ended, and then leaves the server alone."""
    job = site.shell(SUBMIT).strip()
    office.goto(f"/c/150699/jobs/{job}")
    expect(office.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")

    site.shell(REPORT.format(job=job))

    expect(office.get_by_text("正在核对第 30 所学校")).to_be_visible()
    expect(office.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "25")
    assert shut_out(office) == []
    assert not overflows(office)
    look(office, "job")

    site.shell(FAIL.format(job=job))

    expect(office.get_by_text("第 3 张表读不懂")).to_be_visible()
    expect(office.locator("#job")).not_to_have_attribute("hx-get", f"/c/150699/jobs/{job}")
    look(office, "job-failed")


def test_one_stops_a_job(office: Page, site: Site) -> None:
    """After being asked whether one means it."""
    job = site.shell(SUBMIT).strip()
    office.goto(f"/c/150699/jobs/{job}")

    office.get_by_role("button", name="停止").click()
    office.get_by_role("dialog").get_by_role("button", name="确定").click()

    expect(office.get_by_text("正在停止")).to_be_visible()
