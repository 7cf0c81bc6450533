"""A large workbook is read by a job that tells how far it is; its plan is the same as if it had been read at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from collected import HERE, PUPILS, acting, held, ledger_of, type_in
from junheng_web.collection.exchange import import_jobs, importing
from junheng_web.collection.models import Entry
from junheng_web.evidence import trials
from junheng_web.notices.models import Notice
from junheng_web.organisation.jobs import run_next
from junheng_web.organisation.models import Account, AuditRow, Job
from odd_workbooks import HEADINGS, ROW, book

pytestmark = pytest.mark.django_db
IMPORT = f"{HERE}import/"
CHANGED = (HEADINGS, ROW)


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch, settings, tmp_path) -> None:
    monkeypatch.setattr(import_jobs, "LARGE_FILE", 0)
    settings.FILES = tmp_path / "files"


def brought(browser, content: bytes | None = None, name: str = "全县.xlsx"):
    """Hand a file in, and return the page that follows with the job that reads it."""
    content = book(CHANGED) if content is None else content
    page = browser.post(IMPORT, {"file": SimpleUploadedFile(name, content)}, follow=True)
    return page, Job.objects.filter(kind=import_jobs.KIND).order_by("-id").first()


def test_the_plan_appears_when_the_job_is_done(as_) -> None:
    """Cell by cell as ever; whoever handed it in gets word, and until somebody agrees nothing has changed."""
    office, entries = as_("office"), Entry.objects.count()
    page, job = brought(office)
    assert page.request["PATH_INFO"].endswith(f"/jobs/{job.id}")
    assert run_next()
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", 3, 3)
    page = office.get(f"/c/150699/jobs/{job.id}", follow=True)
    text = page.content.decode()
    assert page.status_code == 200
    assert "小学在校生数" in text
    assert Entry.objects.count() == entries
    assert Notice.objects.filter(account=Account.objects.get(username="office"), text__contains="会改").count() == 1


def test_it_is_the_plan_that_would_be_made_at_once(as_) -> None:
    """Every difference with its place in the file, and the revision that was seen."""
    office = as_("office")
    _, job = brought(office)
    run_next()
    trial = trials.find(account=job.by_account, county="150699", code=job.arguments["trial"], purpose="collect")
    kept, remarks = import_jobs.planned(trial)
    facts = import_jobs.read(trial)
    made = importing.plan(acting("office"), ledger_of(), facts)
    assert kept.differences == made.differences != []
    assert (kept.same, kept.problems, remarks) == (made.same, made.problems, list(facts.remarks))


def test_agreeing_makes_all_of_it_at_once(as_) -> None:
    """In one write, with the file kept."""
    office = as_("office")
    _, job = brought(office)
    run_next()
    page = office.get(f"/c/150699/jobs/{job.id}", follow=True)
    many = len(page.context["plan"].differences)
    answer = office.post(f"{page.request['PATH_INFO']}apply", {"agreed": page.context["plan"].digest}, follow=True)
    assert f"改了 {many} 格" in answer.content.decode()
    assert held(PUPILS).entry.write.file_name == "全县.xlsx"


def test_what_changed_since_the_job_read_it_is_not_run_over(as_) -> None:
    """The office is shown again what it would change."""
    office = as_("office")
    _, job = brought(office)
    run_next()
    page = office.get(f"/c/150699/jobs/{job.id}", follow=True)
    value = str(next(one.after for one in page.context["plan"].differences if one.change.key == PUPILS))
    type_in("clerk-03", PUPILS, value)
    answer = office.post(f"{page.request['PATH_INFO']}apply", {"agreed": page.context["plan"].digest}, follow=True)
    assert "有人改了数" in answer.content.decode()
    assert not AuditRow.objects.filter(action="file.add", detail__name="全县.xlsx").exists()


def test_a_clerk_s_job_sees_no_more_than_the_clerk(as_) -> None:
    """Whatever else stands in the file is refused, and not told."""
    clerk = as_("clerk-03")
    others = (HEADINGS, ("1506990001", *ROW[1:]))
    _, job = brought(clerk, book(others))
    run_next()
    page = clerk.get(f"/c/150699/jobs/{job.id}", follow=True)
    assert page.status_code == 422
    assert "不归您填" in page.content.decode()
    assert page.context["plan"].differences == []


def test_a_file_that_cannot_be_used_says_every_reason(as_) -> None:
    """The job is done; the page says what to mend."""
    office = as_("office")
    _, job = brought(office, book((HEADINGS, (*ROW[:2], "许多", 151))))
    run_next()
    page = office.get(f"/c/150699/jobs/{job.id}", follow=True)
    assert page.status_code == 422
    assert "许多" in page.content.decode()


def test_a_job_that_is_stopped_leaves_nothing(as_) -> None:
    """Waiting, the file's page leads to the job; stopped, there is no such page."""
    office = as_("office")
    _, job = brought(office)
    place = f"{IMPORT}{job.arguments['trial']}/"
    assert office.get(place).url.endswith(f"/jobs/{job.id}")
    Job.objects.filter(id=job.id).update(cancel=True)
    run_next()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert office.get(place).status_code == 404


def test_a_job_whose_file_is_gone_says_so(as_) -> None:
    """Trying again would not help."""
    _, job = brought(as_("office"))
    trials.trial_expire(timezone.now() + dt.timedelta(hours=25))
    run_next()
    job.refresh_from_db()
    assert "请重新选文件" in job.error


def test_a_small_file_needs_no_job(as_, monkeypatch) -> None:
    """Its plan is there at once."""
    monkeypatch.setattr(import_jobs, "LARGE_FILE", 120 * 2**10)
    page, job = brought(as_("office"))
    assert job is None
    assert page.context["plan"].differences
    assert isinstance(page.context["plan"].problems, list)
