"""Jobs that survive: a lease says who works on one; when it runs out, the job is tried again, or is interrupted."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from junheng_web.organisation import audit, events
from junheng_web.organisation.areas import Area
from junheng_web.organisation.journal import Job
from junheng_web.organisation.scopes import Scope

LEASE = dt.timedelta(seconds=60)
MOST_ATTEMPTS = 3
log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Somebody asked that the job stop, or another worker has taken it over."""


class Explained(Exception):
    """The job cannot be done, for a reason that its reader can act on; trying again would not help."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job that is being worked on."""

    job: Job
    worker: str

    def report(self, done: int, total: int, doing: str = "") -> None:
        """Tell how far the job is, and renew its lease. Raises Cancelled where it has to stop."""
        told = {"done": done, "total": total, "doing": doing[:200], "lease_until": timezone.now() + LEASE}
        if not _own(self.job, self.worker).filter(cancel=False).update(**told):
            raise Cancelled


Deed = Callable[[Work], Any]
DEEDS: dict[str, Deed] = {}


def deed(kind: str) -> Callable[[Deed], Deed]:
    """Say what a kind of job does. A deed is idempotent: it may be begun again."""

    def register(does: Deed) -> Deed:
        DEEDS[kind] = does
        return does

    return register


@transaction.atomic
def job_submit(kind: str, *, by: Scope, county: Area, **arguments: Any) -> Job:
    """Write down a job for a worker."""
    job = Job.objects.create(kind=kind, county=county, arguments=arguments, by_account=by.account.id)
    audit.record("job.submit", by=by, county=county, of=("job", str(job.id)), kind=kind)
    return job


def job_cancel(job: Job, *, by: Scope) -> None:
    """Ask that a job stop; a waiting one stops at once."""
    with transaction.atomic():
        Job.objects.filter(id=job.id, status=Job.Status.WAITING).update(
            status=Job.Status.CANCELLED, ended_at=timezone.now()
        )
        Job.objects.filter(id=job.id, status=Job.Status.RUNNING).update(cancel=True)
        audit.record("job.cancel", by=by, county=job.county, of=("job", str(job.id)))


def run_next(worker: str = "") -> bool:
    """Work on the next job, if there is one, and return whether there was."""
    worker = worker or f"{socket.gethostname()[:20]}:{os.getpid()}"
    _give_up()
    job = _take(worker)
    if job is None:
        return False
    with _lease_renewed(job, worker), structlog.contextvars.bound_contextvars(request_id=f"job-{job.id}"):
        _work(job, worker)
    return True


def _work(job: Job, worker: str) -> None:
    try:
        _end(job, worker, Job.Status.DONE, result=DEEDS[job.kind](Work(job, worker)))
    except Cancelled:
        _end(job, worker, Job.Status.CANCELLED)
    except Explained as reason:
        _end(job, worker, Job.Status.FAILED, error=str(reason))
    except Exception:
        log.exception("job failed", job=job.id, kind=job.kind)
        _end(job, worker, Job.Status.FAILED, error="系统出了错，管理员可以在日志里按任务编号查到")
    except BaseException:
        # The worker is told to stop: another one may begin at once, and it does not count as an attempt.
        _own(job, worker).update(status=Job.Status.WAITING, attempts=F("attempts") - 1, lease_until=None)
        raise


@contextmanager
def _lease_renewed(job: Job, worker: str) -> Iterator[None]:
    """Renew the lease for as long as this process lives, however seldom the deed reports."""
    ended = threading.Event()
    thread = threading.Thread(target=_renew, args=(job, worker, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renew(job: Job, worker: str, ended: threading.Event) -> None:
    while not ended.wait(LEASE.total_seconds() / 3):
        try:
            _own(job, worker).update(lease_until=timezone.now() + LEASE)
        except Exception:
            log.exception("lease not renewed", job=job.id)
        finally:
            connection.close()


def _give_up() -> None:
    """End what was to be stopped, and what was begun too often, each time by a worker that went away."""
    now = timezone.now()
    _expired().filter(cancel=True).update(status=Job.Status.CANCELLED, ended_at=now, lease_until=None)
    for job in _expired().filter(attempts__gte=MOST_ATTEMPTS):
        _interrupt(job, now)


@transaction.atomic
def _interrupt(job: Job, now: dt.datetime) -> None:
    why = "处理它的进程几次都中断了，请重新提交；再中断，请告诉管理员"
    ended = {"status": Job.Status.INTERRUPTED, "ended_at": now, "lease_until": None, "error": why}
    if _expired().filter(id=job.id).update(**ended):
        _failed(job)


def _own(job: Job, worker: str) -> Any:
    return Job.objects.filter(id=job.id, worker=worker, status=Job.Status.RUNNING)


def _expired() -> Any:
    return Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=timezone.now())


def _free() -> Any:
    return Job.objects.filter(status=Job.Status.WAITING) | _expired()


def _take(worker: str) -> Job | None:
    """Return the oldest free job, now leased; one worker gets it, whoever else asks."""
    for job in _free().order_by("id")[:5]:
        lease = {"worker": worker, "lease_until": timezone.now() + LEASE, "status": Job.Status.RUNNING}
        taken = _free().filter(id=job.id, attempts=job.attempts).update(attempts=F("attempts") + 1, **lease)
        if taken:
            job.refresh_from_db()
            return job
    return None


@transaction.atomic
def _end(job: Job, worker: str, status: str, *, result: Any = None, error: str = "") -> None:
    ended = {"status": status, "result": result, "error": error, "ended_at": timezone.now(), "lease_until": None}
    if _own(job, worker).update(**ended) and status == Job.Status.FAILED:
        _failed(job)


def _failed(job: Job) -> None:
    events.announce("job.failed", county=job.county, of=("job", str(job.id)))
