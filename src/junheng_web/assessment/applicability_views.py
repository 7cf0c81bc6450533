"""The page on which the office confirms what does not apply."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from junheng_web.assessment.applicability import Seen, applicability_confirm, items
from junheng_web.assessment.live import live
from junheng_web.collection.pages.views import ledger_of
from junheng_web.organisation.permissions import allowed, permitted


@permitted("collection.preview")
@require_GET
def applicability(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """What does not apply, to whom and why, and who confirmed it."""
    ledger = ledger_of(request, period, basis)
    judged = live(ledger)
    rows = items(judged, ledger.period) if judged else []
    told = {"rows": [(one, json.dumps([one.key, one.reason])) for one in rows], "ledger": ledger}
    told["left"] = sum(not one.confirmed for one in rows)
    told["confirms"] = allowed("collection.manage", request.scope, request.county)
    return render(request, "assessment/applicability.html", told)


@permitted("collection.manage")
@require_POST
def confirm(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Confirm what was ticked."""
    ledger = ledger_of(request, period, basis)
    judged = live(ledger)
    if judged is None:
        raise Http404
    asked = _seen(request)
    many = applicability_confirm(by=request.scope, judged=judged, period=ledger.period, seen=asked)
    if many < len(asked):
        messages.error(request, f"确认了 {many} 项；其余的理由刚刚变了，请再看一遍。")
    else:
        messages.success(request, f"已确认 {many} 项不适用。" if many else "没有勾选，没有确认。")
    return redirect("assessment:applicability", request.county.code, period, basis)


def _seen(request: HttpRequest) -> set[Seen]:
    """Return what was ticked. Raises Http404 for what no page of ours sends."""
    try:
        return {(str(key), str(reason)) for key, reason in map(json.loads, request.POST.getlist("seen"))}
    except (RecursionError, ValueError, TypeError):
        raise Http404 from None
