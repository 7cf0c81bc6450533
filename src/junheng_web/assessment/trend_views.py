"""Trends: the county's school years side by side, one indicator's, one requirement's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from junheng_web.assessment import trending
from junheng_web.assessment.points import BASES, Point, first_basis, points
from junheng_web.assessment.telling import Unknown
from junheng_web.common.page_workbook import whole
from junheng_web.organisation.permissions import permitted

Tell = Callable[[list[Point], str], dict[str, Any]]


def _page(request: HttpRequest, template: str, tell: Tell) -> HttpResponse:
    """Show what is told of the points of the basis that is asked for; what they do not speak of is 404."""
    asked = request.GET.get("basis", "")
    basis = asked if asked in dict(BASES) else first_basis(request.scope, request.county)
    try:
        told = tell(points(request.scope, request.county, basis), basis)
    except Unknown:
        raise Http404 from None
    return render(request, f"assessment/{template}.html", told)


@permitted("assessment.view")
@require_GET
def county(request: HttpRequest) -> HttpResponse:
    """Spreads, schools that pass and requirements, school year by school year."""
    return _page(request, "trends", lambda found, basis: trending.county(request.county, found, basis))


@permitted("assessment.view")
@require_GET
def requirement(request: HttpRequest, id: str) -> HttpResponse:
    """One of the other requirements, school year by school year."""
    return _page(request, "trend", lambda found, basis: trending.requirement(request.county, found, basis, id))


@permitted("assessment.view")
@require_GET
def indicator(request: HttpRequest, id: str, stage: str) -> HttpResponse:
    """One indicator in a stage: its spread and every school's value, school year by school year."""
    page = request.GET.get("page", "")
    number = 0 if whole(request) else max(1, int(page)) if page.isdecimal() else 1

    def tell(found: list[Point], basis: str) -> dict[str, Any]:
        return trending.indicator(request.county, found, basis, id, stage, number)

    return _page(request, "trend_stage", tell)
