"""The page of an area above counties."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from junheng_web.areas.telling import told
from junheng_web.organisation.permissions import permitted_above


@permitted_above("areas.view")
@require_GET
def counties(request: HttpRequest) -> HttpResponse:
    """The counties below the area side by side."""
    return render(request, "areas/counties.html", told(request.scope, request.area, request.GET.get("show", "")))
