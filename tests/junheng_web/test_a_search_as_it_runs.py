"""A search while it runs: its page is read at each figure that the solver tells, as a chart and as numbers."""

from __future__ import annotations

import datetime as dt
import re

import lxml.html
import pytest
from django.utils import timezone

from junheng import api as jh
from junheng_web.organisation.jobs import Work
from junheng_web.organisation.models import Job
from junheng_web.planning import solving, telling
from junheng_web.planning.models import PlanRun
from test_planning import begun

pytestmark = pytest.mark.django_db
LABELS = ("最好的方案（万元）", "至少要（万元）", "还差")


def taken(plan: PlanRun) -> solving.Watch:
    """Let a worker hold the search's job, as it does from when it takes it up."""
    lease = timezone.now() + dt.timedelta(minutes=5)
    Job.objects.filter(id=plan.job_id).update(status="running", worker="示例", attempts=1, lease_until=lease)
    plan.job.refresh_from_db()
    known = PlanRun.objects.select_related("county", "base__snapshot", "base__rules", "terms")
    return solving.Watch(Work(plan.job, "示例"), known.get(id=plan.id))


def part(browser, plan: PlanRun) -> lxml.html.HtmlElement:
    """Return the part of the page that is asked for every two seconds."""
    answer = browser.get(plan.url, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return lxml.html.fragment_fromstring(answer.content.decode().strip())


def figures(told: lxml.html.HtmlElement) -> tuple[str, ...]:
    """Return the three numbers beside the chart, in the order of `LABELS`."""
    known = {one[0].text_content(): one[1].text_content() for one in told.xpath("//div[@class='figures-line']/div")}
    return tuple(known[label] for label in LABELS)


def drawn(told: lxml.html.HtmlElement) -> str:
    """Return the words of the chart."""
    return told.xpath("string(//figure)")


def test_a_page_follows_what_a_real_solver_tells(as_) -> None:
    """At every new figure the page has it: the best plan, the bound, what is left between them, a longer line."""
    plan, office = begun(), as_("office")
    watch = taken(plan)
    seen: list[tuple[jh.PlanProgress, tuple[str, ...], str]] = []

    def told(progress: jh.PlanProgress) -> None:
        watch.told(progress)
        shown = part(office, plan)
        seen.append((progress, figures(shown), drawn(shown)))

    found = solving._plan(watch.run, told, watch.stop)
    assert any(progress.best is not None for progress, _, _ in seen)
    best = bound = None
    for progress, (cost, least, left), chart in seen:
        best = best if progress.best is None else progress.best
        bound = bound if progress.bound is None else progress.bound
        assert (cost, least) == (telling.wan(best), telling.wan(bound))
        gap = None if best is None or bound is None else telling.percent(max(0, best - bound) / best)
        assert left == (gap or telling.NONE)
        lines = (re.search(r"最好 [\d,]+\.\d\d", chart), re.search(r"至少 [\d,]+\.\d\d", chart))
        assert tuple(one is not None for one in lines) == (best is not None, bound is not None)
    assert (best, found.status) == (found.cost, "optimal")
    assert seen[-1][1][2] == "0.00%"


def test_the_part_goes_on_asking_and_says_what_the_search_does(as_) -> None:
    """Nothing yet, a plan with a gap, a better one: the words and the rows follow, the newest figure counts."""
    plan, office = begun(), as_("office")
    watch = taken(plan)
    first = part(office, plan)
    assert first.get("hx-get") == plan.url
    assert "还没有找到方案，也还没有证明下限" in drawn(first)
    for best, bound, doing, left in (
        (None, 300_000_000, "还没有找到方案", telling.NONE),
        (500_000_000, 300_000_000, "已有方案，正在证明还能不能更省", "40.00%"),
        (400_000_000, 380_000_000, "已有方案，正在证明还能不能更省", "5.00%"),
        (400_000_000, 400_000_000, "已有方案，正在算限制值多少、另一种办法", "0.00%"),
    ):
        watch.told(jh.PlanProgress(best, bound))
        watch.looked = -solving.LOOK
        assert not watch.stop()
        told = part(office, plan)
        assert figures(told) == (telling.wan(best), telling.wan(bound), left)
        assert doing in told.text_content()
    assert len(told.xpath("//tbody/tr")) == 4
    assert f"至少 {jh.shown(400, 2)}" in drawn(told)
