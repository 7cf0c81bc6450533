"""A job is done once, whoever dies on the way; its reader learns what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from junheng_web.organisation import jobs
from junheng_web.organisation.jobs import Cancelled, Explained, Work, job_cancel, job_submit, run_next
from junheng_web.organisation.models import Account, Area, AuditRow, Job
from junheng_web.organisation.scopes import Scope, scope_of
from places import COUNTY


@pytest.fixture
def by(db) -> Scope:
    """The office."""
    return scope_of(Account.objects.get(username="office"), timezone.localdate())


@pytest.fixture
def deed() -> Iterator[Callable[[jobs.Deed], None]]:
    """Say what a job of the kind `test` does."""
    yield lambda does: jobs.DEEDS.update(test=does)
    jobs.DEEDS.pop("test", None)


def submitted(by: Scope) -> Job:
    """Return a waiting job."""
    return job_submit("test", by=by, county=Area.objects.get(code=COUNTY))


def now(job: Job) -> Job:
    """Return the job as the database has it."""
    return Job.objects.get(id=job.id)


def test_a_job_is_done_and_tells_its_result(by, deed) -> None:
    """Its progress is kept, and who asked for it is written down."""
    deed(lambda work: work.report(3, 4, "第三步") or {"found": 7})
    job = submitted(by)
    assert run_next()
    assert not run_next()
    done = now(job)
    assert (done.status, done.result, done.done, done.total, done.doing) == ("done", {"found": 7}, 3, 4, "第三步")
    assert AuditRow.objects.get(action="job.submit").object_code == str(job.id)


def test_a_job_whose_worker_died_is_tried_again(by, deed) -> None:
    """When its lease has run out, at most three times; then it is interrupted, and says so."""
    job = submitted(by)
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        taken = jobs._take(f"worker {attempt}")
        assert (taken.id, taken.attempts) == (job.id, attempt)
        assert jobs._take("another") is None
        Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert not run_next()
    assert now(job).status == "interrupted"
    assert "重新提交" in now(job).error


def test_a_worker_that_comes_back_too_late_changes_nothing(by, deed) -> None:
    """Another has taken the job over; the first one's reports and result are not kept."""
    job = submitted(by)
    late = Work(jobs._take("late"), "late")
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert jobs._take("other").worker == "other"
    with pytest.raises(Cancelled):
        late.report(1, 2)
    jobs._end(late.job, "late", Job.Status.DONE, result="late")
    assert (now(job).status, now(job).worker, now(job).result) == ("running", "other", None)


def test_a_waiting_job_is_stopped_at_once_and_a_running_one_at_its_next_report(by, deed) -> None:
    """What it did until then is the deed's own business."""
    waiting = submitted(by)
    job_cancel(waiting, by=by)
    assert now(waiting).status == "cancelled"

    def does(work: Work) -> None:
        job_cancel(work.job, by=by)
        work.report(1, 2)

    deed(does)
    running = submitted(by)
    run_next()
    assert now(running).status == "cancelled"


def test_a_reason_reaches_the_reader_and_a_mistake_only_the_log(by, deed) -> None:
    """Nobody is shown a traceback."""

    def refuses(work: Work) -> None:
        raise Explained("第 3 行没有学校标识码，请补上再交")

    deed(refuses)
    explained = submitted(by)
    run_next()
    assert (now(explained).status, now(explained).error) == ("failed", "第 3 行没有学校标识码，请补上再交")
    deed(lambda work: 1 // 0)
    broken = submitted(by)
    run_next()
    assert now(broken).status == "failed"
    assert "ZeroDivision" not in now(broken).error


def test_a_job_is_seen_by_whoever_asked_for_it(by, deed, as_) -> None:
    """Another account of the same county gets 404."""
    job = submitted(by)
    url = f"/c/{COUNTY}/jobs/{job.id}"
    assert as_("office").get(url).status_code == 200
    assert as_("leader").get(url).status_code == 404
    assert as_("office").post(f"{url}/cancel").status_code == 302
    assert now(job).status == "cancelled"
