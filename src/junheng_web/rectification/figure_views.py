"""The figures of a circular, and the leader's page."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.assessment import overview as overviews
from junheng_web.assessment import reviewing
from junheng_web.assessment.telling import judged
from junheng_web.common.tables import Number, Table, table_response
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.rectification import circulars, figures
from junheng_web.supervision.drafting import circular_draft
from junheng_web.supervision.models import Body, Dispatch
from junheng_web.supervision.paper_forms import DispatchForm

LATEST_REASONS, UNUSABLE = 5, 422
MANAGES = "supervision.manage"


class FiguresTable(Table):
    """A line for each unit, in the document's order until the reader sorts."""

    unit = django_tables2.Column("单位", order_by=("place",))
    sent, on_time, closed_late, open, late, issues, issues_late, present, issues_closed, declarations = (
        Number(verbose_name=label) for label in figures.COLUMNS.values()
    )

    title = "各单位办理情况"
    nothing, remedy = "还没有单位", "先登记单位，再交办任务和问题"


def _row(place: int, line: figures.Line) -> dict[str, Any]:
    return {"place": place, "unit": str(line.unit), **line.counts}


@permitted("rectification.figures")
@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Every unit's counts, and how it went by week or month; as a workbook with `?_export=xlsx`."""
    today, by = timezone.localdate(), request.GET.get("by", figures.WEEK)
    by = by if by in figures.PERIODS else figures.WEEK
    rows = [_row(place, one) for place, one in enumerate(figures.lines(request.scope, request.county, today))]
    told = {
        "today": today,
        "by": by,
        "periods": figures.PERIODS.items(),
        "trend": figures.trend(request.county, by, today),
    }
    return table_response(request, FiguresTable(rows), "rectification/figures.html", told)


@permitted("rectification.figures")
@require_GET
def leader(request: HttpRequest) -> HttpResponse:
    """The leader's page: the verdict, the days left, what is past its day by unit, and 批示."""
    scope, county, today = request.scope, request.county, timezone.localdate()
    run = judged(scope, county)
    told = overviews.overview(run) if run else {"cards": [], "reasons": []}
    told = {"cards": told["cards"], "reasons": told["reasons"][:LATEST_REASONS], "judged": run}
    told |= {"review": reviewing.review(scope, county, today), **figures.leader_told(scope, county, today)}
    told["instructs"] = allowed("supervision.instruct", scope, county)
    return render(request, "rectification/leader.html", told)


@permitted("rectification.figures")
@require_http_methods(["GET", "POST"])
def circular(request: HttpRequest) -> HttpResponse:
    """Draft a circular from the figures, to be read and put right first; the office reviews it, and it is signed."""
    county, by = request.county, request.GET.get("by", figures.WEEK)
    by = by if by in figures.PERIODS else figures.WEEK
    if not Body.objects.of(county).filter(used=True).exists():
        return render(request, "rectification/circular.html", {"manages": allowed(MANAGES, request.scope, county)})
    form = DispatchForm(county, request.POST or None, initial=_begun(request, by), kind=Dispatch.Kind.CIRCULAR)
    if request.method == "POST" and form.is_valid():
        try:
            made = circular_draft(by=request.scope, county=county, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已拟成通报稿，还没有发：办公室审核、签发以后，单位才看得到。")
            return redirect(made.url)
    told = {"form": form, "by": by, "periods": figures.PERIODS.items()}
    return render(request, "rectification/circular.html", told, status=UNUSABLE if form.errors else 200)


def _begun(request: HttpRequest, by: str) -> dict[str, Any]:
    """Return what stands in the form: the figures as they are now, for every unit that has any."""
    if request.method == "POST":
        return {}
    county, today = request.county, timezone.localdate()
    every = figures.lines(request.scope, county, today)
    units = [one.unit.id for one in every if any(one.counts.values())]
    told = {"title": circulars.title_of(county, by, today), "units": units}
    return {**told, "text": circulars.text_of(every, county, by, today)}
