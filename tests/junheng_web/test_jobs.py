"""Jobs survive their workers, end with a reason, and stop when asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from junheng_web.organisation import jobs
from junheng_web.organisation.models import Account, Area, AuditRow, Job
from junheng_web.organisation.scopes import Scope, scope_of
from moments import TODAY
from places import COUNTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Scope:
    return scope_of(Account.objects.get(username="office"), TODAY)


@pytest.fixture
def submit(office: Scope, monkeypatch):
    """Submit a job whose deed is the function given: `submit(lambda work: 1)`."""

    def submitted(does, **arguments) -> Job:
        monkeypatch.setitem(jobs.DEEDS, "test", does)
        return jobs.job_submit("test", by=office, county=Area.objects.get(code=COUNTY), **arguments)

    return submitted


def again(job: Job) -> Job:
    """Return the job as it stands now."""
    return Job.objects.get(id=job.id)


def run_out(job: Job) -> None:
    """Let the lease of a job run out, as when its worker is gone."""
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_job_is_done_once(submit) -> None:
    """Its result is kept, its lease given back, and nothing is left to do."""
    job = submit(lambda work: {"sum": work.job.arguments["a"] + 1}, a=1)
    assert jobs.run_next()
    assert not jobs.run_next()
    done = again(job)
    assert (done.status, done.result, done.attempts, done.lease_until) == ("done", {"sum": 2}, 1, None)
    assert done.ended_at is not None


def test_the_oldest_is_done_first(submit) -> None:
    """In the order in which they were submitted."""
    order: list[int] = []
    first, second = submit(lambda work: order.append(work.job.id)), submit(lambda work: order.append(work.job.id))
    assert jobs.run_next()
    assert jobs.run_next()
    assert order == [first.id, second.id]


def test_to_submit_and_to_cancel_are_written_down(submit, office: Scope) -> None:
    """One audit row each, with who and in which post."""
    job = submit(lambda work: None)
    jobs.job_cancel(job, by=office)
    rows = AuditRow.objects.filter(object_kind="job", object_code=str(job.id))
    assert [(row.action, row.post) for row in rows] == [
        ("job.submit", str(office.acting)),
        ("job.cancel", str(office.acting)),
    ]


def test_progress_renews_the_lease(submit) -> None:
    """Who reports is alive; the page sees how far the job is."""
    seen = []

    def does(work: jobs.Work) -> None:
        run_out(work.job)
        work.report(3, 10, "第 3 所学校")
        seen.append(again(work.job))

    submit(does)
    jobs.run_next()
    assert (seen[0].done, seen[0].total, seen[0].doing) == (3, 10, "第 3 所学校")
    assert seen[0].lease_until > timezone.now() + jobs.LEASE / 2


def test_an_expired_lease_is_tried_again_three_times_in_all(submit) -> None:
    """Each time by a worker that goes away; then the job says that it was interrupted."""
    job = submit(lambda work: 1 / 0)
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        assert jobs._take(f"gone-{attempt}").attempts == attempt
        assert jobs._take("idle") is None, "a job that somebody works on is free to nobody"
        run_out(job)
    assert not jobs.run_next()
    ended = again(job)
    assert (ended.status, ended.attempts) == ("interrupted", jobs.MOST_ATTEMPTS)
    assert "请重新提交" in ended.error
    assert ended.ended_at is not None


def test_a_second_worker_finishes_what_the_first_left(submit) -> None:
    """The result is the second's; the first can no longer say anything about the job."""
    job = submit(lambda work: work.worker)
    left = jobs.Work(jobs._take("first"), "first")
    run_out(job)
    assert jobs.run_next("second")
    assert again(job).result == "second"
    with pytest.raises(jobs.Cancelled):
        left.report(1, 1)
    jobs._end(job, "first", Job.Status.FAILED, error="too late")
    assert again(job).status == "done"


def test_a_waiting_job_stops_at_once(submit, office: Scope) -> None:
    """No worker begins it."""
    job = submit(lambda work: 1)
    jobs.job_cancel(job, by=office)
    assert again(job).status == "cancelled"
    assert not jobs.run_next()


def test_a_running_job_stops_at_its_next_report(submit, office: Scope) -> None:
    """What comes after the report is not done."""
    after = []

    def does(work: jobs.Work) -> None:
        jobs.job_cancel(work.job, by=office)
        work.report(1, 2)
        after.append(1)

    job = submit(does)
    jobs.run_next()
    assert (again(job).status, after) == ("cancelled", [])


def test_a_job_that_was_to_stop_when_its_worker_died_is_not_begun_again(submit, office: Scope) -> None:
    """It is cancelled, as was asked."""
    job = submit(lambda work: 1)
    jobs._take("gone")
    jobs.job_cancel(job, by=office)
    run_out(job)
    assert not jobs.run_next()
    assert again(job).status == "cancelled"


def test_a_job_that_has_ended_cannot_be_cancelled(submit, office: Scope) -> None:
    """It stays what it became."""
    job = submit(lambda work: 1)
    jobs.run_next()
    jobs.job_cancel(job, by=office)
    assert (again(job).status, again(job).cancel) == ("done", False)


def test_a_reason_is_told_to_the_reader(submit) -> None:
    """And trying again would not help."""

    def does(work: jobs.Work) -> None:
        raise jobs.Explained("第 3 行：没有这所学校；请先建学校")

    job = submit(does)
    jobs.run_next()
    assert (again(job).status, again(job).error) == ("failed", "第 3 行：没有这所学校；请先建学校")
    assert not jobs.run_next()


@pytest.mark.parametrize("does", [lambda work: 1 / 0, lambda work: object()], ids=["raises", "cannot be kept"])
def test_a_fault_of_ours_is_told_without_its_insides(submit, does) -> None:
    """The reader gets no traceback; the next job is done all the same."""
    broken = submit(does)
    jobs.run_next()
    assert again(broken).status == "failed"
    assert "管理员" in again(broken).error
    assert "Error" not in again(broken).error
    well = submit(lambda work: 1)
    jobs.run_next()
    assert again(well).status == "done"


def test_a_worker_that_is_told_to_stop_gives_its_job_back(submit) -> None:
    """At once, and it does not count as an attempt."""

    def does(work: jobs.Work) -> None:
        raise SystemExit

    job = submit(does)
    with pytest.raises(SystemExit):
        jobs.run_next()
    assert (again(job).status, again(job).attempts) == ("waiting", 0)


def test_the_page_of_a_job_says_how_it_stands(submit, as_) -> None:
    """Interrupted, and what to do; only to whoever submitted it."""
    job = submit(lambda work: 1)
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs._take("gone")
        run_out(job)
    jobs.run_next()
    page = as_("office").get(f"/c/{COUNTY}/jobs/{job.id}").content.decode()
    assert "中断" in page
    assert "请重新提交" in page
    assert as_("leader").get(f"/c/{COUNTY}/jobs/{job.id}").status_code == 404
