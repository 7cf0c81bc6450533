"""The job that searches for a plan: it tells how far it is, stops when asked to, and begins again if it was killed.

A search that was killed has left its samples, and nothing else: the next attempt begins anew, and a result that was
written down is never searched for again.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from time import monotonic

from django.urls import reverse

from junheng import api as jh
from junheng_web.assessment import snapshots
from junheng_web.notices.services import notice_send
from junheng_web.organisation.jobs import Cancelled, Explained, Work, deed
from junheng_web.organisation.models import Account
from junheng_web.planning import bundles
from junheng_web.planning.models import PlanRun, Sample
from junheng_web.planning.services import KIND, plan_finish
from junheng_web.planning.terms import arrow_of

MILLION, THOUSAND = 1_000_000, 1000
# How often the job says how far it is, and asks whether to stop (seconds).
LOOK = 1.0
# More samples than a chart can show are not kept; of those between, the next one tells.
MOST_SAMPLES, APART = 400, 0.2


class Watch:
    """Keeps the samples of one search, renews the job's lease, and knows whether to stop."""

    def __init__(self, work: Work, run: PlanRun) -> None:
        self.work, self.run, self.begun = work, run, monotonic()
        self.looked, self.kept, self.stopped = 0.0, 0, False
        self.last: tuple[int | None, int | None] = (None, None)
        self.doing = "正在准备"

    def told(self, progress: jh.PlanProgress) -> None:
        """Keep a sample, where it says something new."""
        now = progress.best, progress.bound
        if now == self.last or self.kept >= MOST_SAMPLES:
            return
        self.last, self.kept = now, self.kept + 1
        self.doing = _doing(progress)
        passed = int((monotonic() - self.begun) * THOUSAND)
        known = {"attempt": self.work.job.attempts, "milliseconds": passed, "best": now[0], "bound": now[1]}
        Sample.objects.create(county=self.run.county, plan=self.run, **known)

    def stop(self) -> bool:
        """Say how far the search is, and return whether somebody wants it to stop."""
        passed = monotonic() - self.begun
        if not self.stopped and passed - self.looked >= LOOK:
            self.looked = passed
            try:
                self.work.report(min(int(passed), self.run.seconds), self.run.seconds, self.doing)
            except Cancelled:
                self.stopped = True
        return self.stopped


def _doing(progress: jh.PlanProgress) -> str:
    if progress.best is None:
        return "还没有找到方案"
    return "已有方案，正在证明还能不能更省" if progress.gap else "已有方案，正在算限制值多少、另一种办法"


@deed(KIND)
def solve(work: Work) -> dict[str, str]:
    """Search for a plan and keep what was found. It may be begun again."""
    known = PlanRun.objects.select_related("county", "base__snapshot", "base__rules", "terms")
    run = known.get(county=work.job.county, number=work.job.arguments["plan"])
    if not run.outcome:
        watch = Watch(work, run)
        _searched(work, run, watch)
        if watch.stopped:
            raise Cancelled
    _tell(work, run)
    return {"url": run.url}


def _searched(work: Work, run: PlanRun, watch: Watch) -> None:
    try:
        found = _plan(run, watch.told, watch.stop)
    except jh.Unusable as error:
        raise Explained("\n".join(map(str, error.problems))) from None
    if watch.stopped:
        # Another worker may have taken the job over; only who stopped it wants what was found until then.
        work.job.refresh_from_db()
        if not work.job.cancel:
            return
    run.engine, run.planner = jh.ENGINE_VERSION, planner()
    samples = Sample.objects.of(run.county).filter(plan=run, attempt=work.job.attempts)
    digest = bundles.bundle_keep(
        run, found, [list(one) for one in samples.values_list("milliseconds", "best", "bound")]
    )
    plan_finish(plan=run, found=found, digest=digest, planner=run.planner, stopped=watch.stopped)


def _plan(run: PlanRun, told: Callable[[jh.PlanProgress], None], stop: Callable[[], bool]) -> jh.Plan:
    return jh.plan(
        snapshots.open_facts(run.base.snapshot.digest),
        run.base.rules.standard,
        as_of=run.base.as_of,
        county=run.county.code,
        **arrow_of(run.terms.tables),
        gap=run.gap / MILLION,
        seconds=run.seconds,
        alternatives=run.alternatives,
        frontier=run.points,
        today=run.begins,
        told=told,
        stop=stop,
    )


def planner() -> str:
    """Return which programs search: ours and the solver, with their versions."""
    return f"junheng {version('junheng')}，HiGHS {version('highspy')}"


def _tell(work: Work, run: PlanRun) -> None:
    """Send word to whoever began the search, and may be elsewhere by now."""
    run.refresh_from_db()
    notice_send(
        by=None,
        county=run.county,
        accounts=Account.objects.filter(id=work.job.by_account),
        key=f"{KIND}:{work.job.id}",
        text=f"方案“{run.name}”算完了：{run.get_outcome_display()}",
        url=reverse("planning:plan", args=[run.county.code, run.number]),
    )
