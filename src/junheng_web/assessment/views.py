"""Pages of the main job: each tells what a run says, the newest official one unless `?run=` names another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.assessment import board as boards
from junheng_web.assessment import comparing, grid_file, indicators, reviewing, rulebook, tracing, trending
from junheng_web.assessment import grid as grids
from junheng_web.assessment import overview as overviews
from junheng_web.assessment import schools as school_pages
from junheng_web.assessment.models import Run
from junheng_web.assessment.points import points
from junheng_web.assessment.selectors import runs_of
from junheng_web.assessment.telling import Judged, Unknown, judged
from junheng_web.collection.shown.waiting import waiting
from junheng_web.organisation.permissions import allowed, permitted

Tell = Callable[[Judged], dict[str, Any]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _run(request: HttpRequest) -> Judged | None:
    try:
        return judged(request.scope, request.county, request.GET.get("run", ""))
    except Run.DoesNotExist:
        raise Http404 from None


def _page(request: HttpRequest, template: str, tell: Tell, **always: Any) -> HttpResponse:
    """Show what is told of the run; without one, the next step; what the run does not speak of is 404."""
    run = _run(request)
    if run is None:
        return render(request, "assessment/no_run.html", {"title": request.county, **always})
    try:
        told = tell(run)
    except Unknown:
        raise Http404 from None
    return render(request, f"assessment/{template}.html", {"judged": run, **told, **always})


@permitted("assessment.view")
def overview(request: HttpRequest) -> HttpResponse:
    """The verdict first, then how long there is, then what stands against it."""
    today = timezone.localdate()
    review = reviewing.review(request.scope, request.county, today)
    every = "every" in request.GET
    tasks = allowed("supervision.view", request.scope, request.county)
    always = {"review": review, "waits": waiting(request.scope, request.county, today), "tasks": tasks}
    return _page(request, "overview", lambda run: overviews.overview(run, every=every), **always)


@permitted("assessment.view")
def grid(request: HttpRequest, stage: str = "primary") -> HttpResponse:
    """Every school by every indicator of a stage; as a workbook with `?format=xlsx`."""
    asked = grids.Asked.of(request.GET)
    if request.GET.get("format") != "xlsx":
        return _page(request, "grid", lambda run: grids.grid(run, stage, asked))
    run = _run(request)
    if run is None or stage not in run.rules["stages"]:
        raise Http404
    name = f"{request.county.code}-{stage}-{run.answer['as_of']}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(grid_file.workbook(run, stage, asked), content_type=XLSX, headers=headers)


@permitted("assessment.view")
def school(request: HttpRequest, code: str) -> HttpResponse:
    """One school: its values, what it lacks in whole units, what it has not reported, how it went over the years."""

    def tell(run: Judged) -> dict[str, Any]:
        found = points(request.scope, request.county, run.run.snapshot.basis)
        return school_pages.school(run, code) | trending.school(found, code)

    return _page(request, "school", tell)


@permitted("assessment.view")
def indicator(request: HttpRequest, id: str, stage: str = "") -> HttpResponse:
    """One indicator: of a stage, its values and its spread; of the county, its conditions."""
    run = _run(request)
    if run and not stage and id in run.rules["indicators"]:
        return redirect(run.page(id, next(iter(run.rules["stages"]))))
    if stage:
        return _page(request, "indicator", lambda run: indicators.of_stage(run, id, stage))
    who = boards.answering(request.scope, request.county)
    return _page(request, "requirement", lambda run: indicators.of_county(run, id, who))


@permitted("assessment.view")
def trace(request: HttpRequest, id: str) -> HttpResponse:
    """One number down to the cells that were reported."""
    asked = request.GET.get("school", ""), request.GET.get("stage", "")
    return _page(request, "trace", lambda run: tracing.trace(run, id, *asked))


@permitted("assessment.view")
def board(request: HttpRequest) -> HttpResponse:
    """Everything beside the resources, with the units that answer for it."""
    who = boards.answering(request.scope, request.county)
    return _page(request, "board", lambda run: boards.board(run, who))


@permitted("assessment.view")
@require_GET
def answering(request: HttpRequest) -> HttpResponse:
    """Who answers for each indicator, for a lower room's page that shows it beside what that room knows."""
    return JsonResponse(boards.answering(request.scope, request.county))


@permitted("rules.view")
def rules(request: HttpRequest) -> HttpResponse:
    """What the document asks, by which clause, since when."""
    return render(request, "assessment/rules.html", rulebook.book(request.county, _run(request)))


@permitted("rules.view")
def rule(request: HttpRequest, id: str) -> HttpResponse:
    """One indicator as the document states it, with every reading of what it leaves open."""
    try:
        return render(request, "assessment/rule.html", rulebook.rule(request.county, _run(request), id))
    except Unknown:
        raise Http404 from None


@permitted("assessment.view")
def runs(request: HttpRequest) -> HttpResponse:
    """Every judgement that was made, and two of them to be compared."""
    found = list(runs_of(request.scope, request.county).prefetch_related("declarations"))
    told = comparing.listed(request.county, found, decides=allowed("assessment.declare", request.scope, request.county))
    return render(request, "assessment/runs.html", told)


@permitted("assessment.view")
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the comparison of the two runs that were chosen."""
    return comparing.chosen(request.county, request.GET.get("before", ""), request.GET.get("after", ""))


@permitted("assessment.view")
def compare(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What changed between two runs, and why."""
    try:
        pair = [judged(request.scope, request.county, code) for code in (before, after)]
    except Run.DoesNotExist:
        raise Http404 from None
    return render(request, "assessment/comparison.html", comparing.comparison(*pair))
