"""The map of schools, and how the office brings one in: what a file comes to is shown before it is kept."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from junheng_web.boards import matching, services, showing
from junheng_web.boards.forms import MapForm, WithdrawForm
from junheng_web.evidence import trial_plans
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.organisation.permissions import allowed, permitted

KNOWN = ("source", "approval", "note")


@permitted("boards.map")
@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Where the schools are and how each stands, as a drawing and as a table."""
    told = showing.map_told(request.scope, request.county)
    told["manages"] = allowed("boards.maps", request.scope, request.county)
    return render(request, "boards/map.html", told)


def _read(request: HttpRequest, trial: Trial) -> matching.Plan:
    return matching.plan(request.county, trial.file.read_bytes(), trial.name)


def _told(request: HttpRequest, trial: Trial, made: matching.Plan) -> dict[str, Any]:
    told: dict[str, Any] = {"counts": _counts(made), "known": trial.state}
    return told if made.problems else told | {"sheet": showing.preview(request.scope, request.county, made.shapes)}


def _counts(made: matching.Plan) -> list[tuple[str, int]]:
    towns = len(made.of(matching.TOWN))
    return [("苏木镇", towns), ("学校", len(made.of(matching.SCHOOL))), ("要看一看的", len(made.remarks))]


def _make(request: HttpRequest, trial: Trial, made: matching.Plan) -> str:
    told = {name: trial.state[name] for name in KNOWN} | {"file": trial.name}
    digest = hashlib.sha256(trial.file.read_bytes()).hexdigest()
    kept = services.map_keep(by=request.scope, county=request.county, shapes=made.shapes, digest=digest, **told)
    return f"已存为地图{kept}。"


def _beside(request: HttpRequest) -> dict[str, Any]:
    return {"withdraw": WithdrawForm(), "versions": showing.versions(request.scope, request.county)}


MAP = Brought(
    purpose="map",
    form=MapForm,
    templates=("boards/map_keep.html", "boards/map_plan.html"),
    planned="boards:map_plan",
    done="boards:map",
    read=_read,
    make=_make,
    told=_told,
    beside=_beside,
    kept=KNOWN,
    moved="在您看的时候，学校名册或苏木镇有了改动；地图没有存，请再看一遍。",
)
keep, plan, apply = trial_plans.pages(MAP, "boards.maps")


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
