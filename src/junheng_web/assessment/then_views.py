"""Time travel: what a ledger came to at a moment, what a form came to, and what changed between two moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.assessment import comparing, live, then
from junheng_web.assessment.upload_telling import answer_told
from junheng_web.collection.ledger.moments import Moment, moment_named
from junheng_web.collection.models import Ledger
from junheng_web.collection.pages.views import ledger_of, subject_of
from junheng_web.organisation.permissions import permitted

UNUSABLE = 422


def _moment(ledger: Ledger, asked: Mapping[str, str], name: str = "at") -> tuple[Moment, str]:
    """Return the moment that an address asks for, or now with why what it says is none."""
    day, time = asked.get(name, "").strip(), asked.get(f"{name}_time", "").strip()
    try:
        return moment_named(ledger, f"{day}T{time}" if day and time else day, timezone.now()), ""
    except ValueError as why:
        return then.now(ledger), str(why)


def _of(asked: Mapping[str, str]) -> str:
    return asked.get("of", "") if asked.get("of", "") in then.OF else then.LIVE


@permitted("collection.preview")
@require_GET
def at(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """What a ledger came to at a moment: with `?at=` a day, a time, or a write's number; `?of=approved` approved."""
    ledger, of = ledger_of(request, period, basis), _of(request.GET)
    moment, problem = _moment(ledger, request.GET)
    told: dict[str, Any] = {**then.then(request.scope, moment, of), "of": of, "problem": problem}
    one = then.stood(moment, of) if of == then.LIVE or told["approved"] else None
    if one:
        judged = then.judged_then(ledger, one)
        same = {"at": then.named(moment), "of": of}
        told |= {"answer": one.answer, "rules": judged.rules, **answer_told(request, judged, **same)}
    told["between_url"] = comparing.between_url(ledger, then.named(moment), "", of)
    return render(request, "assessment/then.html", told, status=UNUSABLE if problem else 200)


@permitted("collection.view")
@require_GET
def form(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """What one form came to at a moment."""
    one = subject_of(request, period, basis, kind, code)
    moment, problem = _moment(one.ledger, request.GET)
    found = then.stood(moment, then.LIVE)
    judged = found and then.judged_then(one.ledger, found)
    told = live.effect(judged, one) if judged else {}
    told |= {**then.form_then(moment, one), "told": judged, "problem": problem}
    return render(request, "assessment/then_form.html", told, status=UNUSABLE if problem else 200)


@permitted("collection.preview")
@require_GET
def between(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """What changed in a ledger between two moments, why, and by whose submission."""
    ledger, of = ledger_of(request, period, basis), _of(request.GET)
    (before, wrong), (after, also) = (_moment(ledger, request.GET, name) for name in ("from", "to"))
    if before.at > after.at:
        before, after = after, before
    told = comparing.between(before, after, of) | {"problem": wrong or also, "of": of, "choices": then.OF.items()}
    return render(request, "assessment/between.html", told, status=UNUSABLE if told["problem"] else 200)
