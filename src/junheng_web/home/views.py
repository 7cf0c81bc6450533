"""The first page after signing in, and what a browser keeps for when the platform cannot be reached."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed, public, signed_in
from junheng_web.organisation.roles import Role

# A unit or a town has duties before it has results: what it must do comes first (P17).
BEGIN_WITH_DUTIES = frozenset({Role.UNIT_STAFF, Role.TOWN_STAFF})


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the county that one acts in, to its rules where its results are not for one; or say one holds no post.

    A unit begins with its duties, a post above counties with all of them.
    """
    acting = request.scope.acting
    if acting and acting.area.kind != Area.Kind.COUNTY and allowed("areas.view", request.scope, acting.area):
        return redirect("areas:counties", acting.area.code)
    county = request.scope.county
    if county is None:
        return render(request, "home/no_post.html")
    if acting.role in BEGIN_WITH_DUTIES:
        return redirect("duties:mine", county.code)
    seen = allowed("assessment.view", request.scope, county)
    return redirect("assessment:overview" if seen else "assessment:rules", county.code)


@public
def offline(request: HttpRequest) -> HttpResponse:
    """Return the page that the browser keeps and shows when it cannot reach the platform; it knows no reader."""
    return HttpResponse(render_to_string("errors/offline.html"))


@public
def worker(request: HttpRequest) -> HttpResponse:
    """Return the script that keeps that page. It stands at the root, because it may act only below its own place."""
    return HttpResponse(render_to_string("common/worker.js"), content_type="text/javascript; charset=utf-8")
