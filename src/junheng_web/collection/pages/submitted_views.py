"""The pages of what was handed in, for assessors and for whoever looks from above."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.subjects import NoSuchForm, subject
from junheng_web.collection.pages.views import ledger_of
from junheng_web.collection.shown.submitted import submitted as told_of
from junheng_web.collection.shown.submitted import submitted_form as told_of_form
from junheng_web.organisation.permissions import permitted


@permitted("collection.read_submitted")
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """What was handed in for the newest period, on the basis of the application."""
    period = Period.objects.visible_to(request.scope).of(request.county).first()
    if period is None:
        return render(request, "collection/submitted.html", {})
    return submitted(request, county_code=request.county.code, period=period.code, basis=Ledger.Basis.CENSUS)


@permitted("collection.read_submitted")
@require_GET
def submitted(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """The forms of a ledger that were handed in."""
    return render(request, "collection/submitted.html", told_of(ledger_of(request, period, basis)))


@permitted("collection.read_submitted")
@require_GET
def submitted_form(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """One form as it was handed in last, with what was corrected before."""
    try:
        told = told_of_form(subject(ledger_of(request, period, basis), kind, code))
    except NoSuchForm:
        raise Http404 from None
    if told is None:
        raise Http404
    return render(request, "collection/submitted_form.html", told)
