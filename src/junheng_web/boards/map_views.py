"""The map of schools, and how the office brings one in: what a file comes to is shown before it is kept."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.boards import matching, services, showing
from junheng_web.boards.forms import MapForm, WithdrawForm
from junheng_web.evidence import trials
from junheng_web.evidence.trial_views import trial_of
from junheng_web.organisation.permissions import allowed, permitted

PURPOSE, UNUSABLE = "map", 422
KNOWN = ("source", "approval", "note")


@permitted("boards.map")
@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Where the schools are and how each stands, as a drawing and as a table."""
    told = showing.map_told(request.scope, request.county)
    told["manages"] = allowed("boards.maps", request.scope, request.county)
    return render(request, "boards/map.html", told)


@permitted("boards.maps")
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Take in a file and lead to what it comes to; the versions so far stand beneath."""
    form = MapForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, known = form.cleaned_data["file"], {name: form.cleaned_data[name] for name in KNOWN}
        told = {"name": file.name, "chunks": file.chunks(), "purpose": PURPOSE, **known}
        trial = trials.trial_begin(by=request.scope, county=request.county, **told)
        return redirect("boards:map_plan", request.county.code, trial.code)
    told = {"form": form, "withdraw": WithdrawForm(), "versions": showing.versions(request.scope, request.county)}
    return render(request, "boards/map_keep.html", told, status=UNUSABLE if form.errors else 200)


@permitted("boards.maps")
@require_GET
def plan(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what a file comes to: why it cannot be used, or the map with what should be looked at."""
    one = trial_of(request, trial, PURPOSE)
    made = matching.plan(request.county, one.file.read_bytes(), one.name)
    told = {"trial": one, "plan": made, "counts": _counts(made), "known": one.state}
    if not made.problems:
        told["sheet"] = showing.preview(request.scope, request.county, made.shapes)
    return render(request, "boards/map_plan.html", told, status=UNUSABLE if made.problems else 200)


def _counts(made: matching.Plan) -> list[tuple[str, int]]:
    towns = len(made.of(matching.TOWN))
    return [("苏木镇", towns), ("学校", len(made.of(matching.SCHOOL))), ("要看一看的", len(made.remarks))]


@permitted("boards.maps")
@require_POST
def apply(request: HttpRequest, trial: str) -> HttpResponse:
    """Keep the map that was shown."""
    one, again = trial_of(request, trial, PURPOSE), redirect("boards:map_plan", request.county.code, trial)
    content = one.file.read_bytes()
    made = matching.plan(request.county, content, one.name)
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，学校名册或苏木镇有了改动；地图没有存，请再看一遍。")
        return again
    told = {name: one.state[name] for name in KNOWN} | {"file": one.name}
    digest = hashlib.sha256(content).hexdigest()
    try:
        kept = services.map_keep(by=request.scope, county=request.county, shapes=made.shapes, digest=digest, **told)
    except ValidationError as why:
        messages.error(request, "".join(why.messages))
        return again
    one.remove()
    messages.success(request, f"已存为地图{kept}。")
    return redirect("boards:map", request.county.code)


@permitted("boards.maps")
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the map down."""
    try:
        services.map_withdraw(by=request.scope, county=request.county, note=request.POST.get("note", ""))
    except ValidationError as why:
        messages.error(request, "".join(why.messages))
        return redirect("boards:map_keep", request.county.code)
    messages.success(request, "已撤下；以前的版本还留着记录。")
    return redirect("boards:map", request.county.code)
