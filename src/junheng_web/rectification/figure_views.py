"""The figures of a circular, and the leader's page."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.assessment import overview as overviews
from junheng_web.assessment import reviewing
from junheng_web.assessment.telling import judged
from junheng_web.common.tables import Number, Table, table_response
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.rectification import figures

LATEST_REASONS = 5


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
