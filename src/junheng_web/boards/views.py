"""The boards: the county's on the wall, a unit's, a school's. Each brings itself up to date (`wall.js`)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.boards import selectors, wall
from junheng_web.organisation.permissions import permitted

# So many seconds after the last time a board asks again.
SECONDS = 60


def _board(request: HttpRequest, template: str, told: wall.Told) -> HttpResponse:
    """Show a board, with the moment at which its figures were read."""
    return render(request, f"boards/{template}.html", {**told, "now": timezone.localtime(), "seconds": SECONDS})


@permitted("boards.wall")
@require_GET
def county(request: HttpRequest) -> HttpResponse:
    """The county in one look."""
    return _board(request, "wall", wall.county_told(request.scope, request.county, timezone.localdate()))


@permitted("boards.unit")
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units whose boards one looks at; who has one is led to it."""
    found = selectors.units_seen(request.scope, request.county)
    if len(found) == 1 and not selectors.sees_all(request.scope, request.county):
        return redirect("boards:unit", request.county.code, found[0].code)
    return render(request, "boards/units.html", {"units": found})


@permitted("boards.unit")
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit in one look."""
    if not selectors.sees_unit(request.scope, request.county, code):
        raise Http404
    try:
        return _board(request, "unit", wall.unit_told(request.scope, request.county, code, timezone.localdate()))
    except StopIteration:
        raise Http404 from None


@permitted("boards.school")
@require_GET
def schools(request: HttpRequest) -> HttpResponse:
    """The schools whose boards one looks at; who has one is led to it."""
    found = list(selectors.schools_seen(request.scope, request.county))
    if len(found) == 1 and not selectors.sees_all(request.scope, request.county):
        return redirect("boards:school", request.county.code, found[0].code)
    return render(request, "boards/schools.html", {"schools": found})


@permitted("boards.school")
@require_GET
def school(request: HttpRequest, code: str) -> HttpResponse:
    """A school in one look."""
    found = selectors.schools_seen(request.scope, request.county).filter(code=code).first()
    if found is None:
        raise Http404
    return _board(request, "school", wall.school_told(request.scope, found, timezone.localdate()))
