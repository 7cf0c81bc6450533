"""What the page of a file that was tried shows: the verdict, what was found, each school's values, the reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django_tables2 import RequestConfig

from junheng_web.assessment import board as boards
from junheng_web.assessment import grid as grids
from junheng_web.assessment import overview as overviews
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import rules_today
from junheng_web.assessment.telling import Judged
from junheng_web.assessment.upload_forms import KeepForm
from junheng_web.assessment.upload_tables import SEVERITIES, FindingsTable
from junheng_web.common.page_workbook import whole
from junheng_web.evidence.trials import ANSWER, FINDINGS, Trial
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed

REASONS = 50
# What of the other requirements is shown: what stands against the verdict, and what cannot be told.
OPEN = ("fail", "undetermined")


def told(request: HttpRequest, trial: Trial, form: KeepForm | None = None) -> dict[str, Any]:
    """Return what the page shows of a trial that was judged."""
    county: Area = request.county
    judged = _judged(county, trial)
    own = trial.state["judged"] == county.code
    return {
        "trial": trial,
        "answer": judged.answer,
        "rules": judged.rules,
        "own": own,
        "keep": (form or KeepForm(initial={"label": Path(trial.name).stem})) if own and _may_keep(request) else None,
        "findings": _findings(request, trial),
        "severities": _severities(trial),
        **answer_told(request, judged),
    }


def answer_told(request: HttpRequest, judged: Judged, **same: str) -> dict[str, Any]:
    """Return what a page shows of an answer that is no run: its verdict, its schools of a stage, its reasons.

    `same` is what the page's own links keep in the address.
    """
    stages, stage = judged.rules["stages"], request.GET.get("stage", "")
    stage = stage if stage in stages else next(iter(stages))
    tabs = [(name, f"?{urlencode({**same, 'stage': key})}#schools", key == stage) for key, name in stages.items()]
    shown = _schools(judged, stage, "0" if whole(request) else request.GET.get("page", ""), same)
    return {**_verdict(judged), **shown, "stage_tabs": tabs}


def _may_keep(request: HttpRequest) -> bool:
    return allowed("assessment.keep", request.scope, request.county)


def _judged(county: Area, trial: Trial) -> Judged:
    """Return the answer in the form in which the pages of a run speak; it is no run, and no page leads to it."""
    return Judged(county, Run(code=""), trial.read(ANSWER), rules_today(trial.state["standard"]), pinned=False)


def _findings(request: HttpRequest, trial: Trial) -> FindingsTable:
    table = FindingsTable(trial.read(FINDINGS), prefix="found-")
    RequestConfig(request).configure(table)
    return table


def _severities(trial: Trial) -> list[tuple[str, str, str, int]]:
    found = [one["severity"] for one in trial.read(FINDINGS)]
    return [(*words, found.count(severity)) for severity, words in SEVERITIES.items()]


def _verdict(judged: Judged) -> dict[str, Any]:
    """Return the verdict, what stands against it, the spreads, and what of the other requirements is open."""
    whole = overviews.overview(judged, every=True)
    others = [row for group in boards.board(judged, {})["groups"] for row in group["rows"] if row["status"] in OPEN]
    kept = ("cards", "spreads", "coverage")
    more = max(0, len(whole["reasons"]) - REASONS)
    return {**{name: whole[name] for name in kept}, "reasons": whole["reasons"][:REASONS], "more": more, "open": others}


def _schools(judged: Judged, stage: str, page: str, same: dict[str, str]) -> dict[str, Any]:
    """Return each school's values of a stage, a page of them."""
    shown = grids.grid(judged, stage, grids.Asked(page=int(page) if page.isdecimal() else 1))
    names = ("stage_name", "columns", "sums", "rows", "count", "under_threshold", "under_floor")
    here = {**same, "stage": stage}
    pages = [(number, f"?{urlencode({**here, 'page': number})}#schools", it) for number, _, it in shown["pages"]]
    return {**{name: shown[name] for name in names}, "pages": pages, "floor_line": judged.floor_line}
