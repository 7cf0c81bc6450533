"""Pages of the main job."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junheng_web.assessment import selectors
from junheng_web.organisation.permissions import permitted


@permitted("assessment.view")
def overview(request: HttpRequest) -> HttpResponse:
    run = selectors.latest_run(request.scope, request.county)
    return render(request, "assessment/overview.html", {"run": run, "answer": run and selectors.answer_of(run)})


@permitted("assessment.view")
def grid(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/overview.html", {})


board = runs = grid


@permitted("assessment.try")
def upload(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/overview.html", {})
