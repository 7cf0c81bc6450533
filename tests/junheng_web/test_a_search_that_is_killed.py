"""Searches under a real worker: killed (-9), they begin anew or end, and the page says which; stopped, they keep it."""

from __future__ import annotations

import psutil
import pytest

from installations import Installation, asked, eventually, execute

pytestmark = pytest.mark.xdist_group("installations")
BEGIN = """
import datetime as dt
from django.utils import timezone
from junheng_web.assessment.selectors import latest_run
from junheng_web.organisation.models import Account, Area
from junheng_web.organisation.scopes import scope_of
from junheng_web.planning.models import Terms
from junheng_web.planning.services import plan_begin
scope, county = scope_of(Account.objects.get(username="office"), timezone.localdate()), Area.objects.get(code="150699")
how = {"seconds": 300, "gap": 100, "points": 20, "alternatives": True}
told = {"base": latest_run(scope, county), "terms": Terms.objects.first(), "begins": dt.date(2026, 1, 15)}
print(plan_begin(by=scope, county=county, name="kill", how=how, **told).url)
"""
STOP = """
from django.utils import timezone
from junheng_web.organisation.models import Account
from junheng_web.organisation.scopes import scope_of
from junheng_web.planning.models import PlanRun
from junheng_web.planning.services import plan_stop
scope = scope_of(Account.objects.get(username="office"), timezone.localdate())
plan_stop(by=scope, plan=PlanRun.objects.select_related("county", "job__county").get())
"""
STATE = """
SELECT job.status, job.attempts, search.outcome, search.stopped,
    EXISTS (SELECT 1 FROM planning_sample AS sample WHERE sample.plan_id = search.id AND sample.best IS NOT NULL)
FROM planning_planrun AS search JOIN organisation_job AS job ON job.id = search.job_id
"""
PAGE = """
from django.test import Client
from django.conf import settings
from junheng_web.organisation.models import Account
from junheng_web.planning.models import PlanRun
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
browser = Client()
browser.force_login(Account.objects.get(username="office"), backend="junheng_web.organisation.backends.AccountBackend")
print(browser.get(PlanRun.objects.select_related("county").get().url, headers={"host": "localhost"}).content.decode())
"""
EXPIRED = "UPDATE organisation_job SET lease_until = '2026-01-01 00:00:00+00:00'"
LONG = 120


def state(one: Installation) -> tuple[str, int, str, bool, bool]:
    """Return how the job and the search stand: status, attempts, outcome, stopped, whether a plan was found."""
    ((status, attempts, outcome, stopped, found),) = asked(one, STATE)
    return str(status), int(attempts), str(outcome), bool(stopped), bool(found)


def solver(process) -> psutil.Process | None:
    """Return the solver that a worker has started, if it has."""
    found = psutil.Process(process.pid).children(recursive=True)
    return next((one for one in found if "planner.worker" in " ".join(one.cmdline())), None)


def killed(one: Installation) -> psutil.Process:
    """Start a worker, kill it (-9) in the middle of its search, and return the solver that it leaves."""
    with one.started("worker") as process:
        assert eventually(lambda: solver(process) is not None, LONG), one.output()
        left = solver(process)
        process.kill()
        process.wait()
    return left


def test_a_search_begins_anew_after_a_kill(installation: Installation) -> None:
    """The solver does not outlive its worker; the page says that nothing is heard, then that it was interrupted."""
    installation.python(BEGIN)
    left = killed(installation)
    assert psutil.wait_procs([left], timeout=30)[1] == []
    assert state(installation)[:3] == ("running", 1, "")
    execute(installation, EXPIRED)
    assert "没有回音" in installation.python(PAGE)
    with installation.started("worker"):
        assert eventually(lambda: state(installation)[0] == "done", LONG), installation.output()
    assert state(installation)[1:4] == (2, "optimal", False)
    page = installation.python(PAGE)
    assert "中断过，从头再算，已经算完（第 2 次）" in page
    assert "已证明" in page


def test_after_three_kills_it_ends_as_interrupted(installation: Installation) -> None:
    """And the page says so, and what to do."""
    installation.python(BEGIN)
    execute(installation, "UPDATE organisation_job SET attempts = 2")
    killed(installation)
    execute(installation, EXPIRED)
    with installation.started("worker"):
        assert eventually(lambda: state(installation)[0] == "interrupted", LONG), installation.output()
    assert state(installation)[1:3] == (3, "")
    assert "请重新提交" in installation.python(PAGE)


def test_a_search_that_is_stopped_keeps_its_plan(installation: Installation) -> None:
    """As soon as there is one: it is confirmed as any other, and the page says that it was stopped."""
    installation.python(BEGIN)
    with installation.started("worker"):
        assert eventually(lambda: state(installation)[4], LONG), installation.output()
        installation.python(STOP)
        assert eventually(lambda: state(installation)[0] in ("cancelled", "done"), LONG), installation.output()
    status, attempts, outcome, stopped, _ = state(installation)
    assert (attempts, outcome in ("optimal", "feasible")) == (1, True)
    assert (status == "cancelled") == stopped
    assert ("中途停下" in installation.python(PAGE)) == stopped
