"""Previews from drafts, which say so on their face, and the office's run of what is approved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.assessment import live as lives
from junheng_web.assessment.upload_telling import answer_told
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.pages.views import ledger_of, subject_of
from junheng_web.organisation.permissions import permitted


@permitted("collection.preview")
@require_GET
def live(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """What the county would come to with everything that has been entered so far."""
    ledger = ledger_of(request, period, basis)
    judged = lives.live(ledger)
    if judged is None:
        return render(request, "assessment/live.html", {"ledger": ledger})
    told = {"ledger": ledger, "answer": judged.answer, "rules": judged.rules}
    return render(request, "assessment/live.html", told | answer_told(request, judged))


@permitted("collection.view")
@require_GET
def effect(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """What one form comes to as it is; a part of the form's page."""
    one = subject_of(request, period, basis, kind, code)
    judged = lives.live(one.ledger)
    told = lives.effect(judged, one) if judged else {}
    return render(request, "assessment/effect.html", {"subject": one, "judged": judged, **told})


@permitted("assessment.keep")
@require_http_methods(["GET", "POST"])
def approved(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Ask whether what is approved is to be judged, and judge it; which run is official is decided on its own page."""
    ledger = ledger_of(request, period, basis)
    if request.method == "POST":
        try:
            run = lives.approved_run(by=request.scope, ledger=ledger)
        except Locked as why:
            messages.error(request, str(why))
            return redirect(request.path)
        messages.success(request, f"已用审定的数评估，编号 {run.code}。要作为本县的正式结论，请在下面确认。")
        return redirect("assessment:declare", request.county.code, run.code)
    return render(request, "assessment/approved.html", lives.standing(ledger))
