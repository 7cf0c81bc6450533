"""What the office decides: which run is the county's official one, and when the county plans to be reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from junheng_web.assessment import reviewing, selectors, services
from junheng_web.assessment.models import Run
from junheng_web.assessment.office_forms import DeclareForm, ReviewDateForm, WithdrawForm
from junheng_web.assessment.recomputing import otherwise
from junheng_web.assessment.telling import Judged, address, judged
from junheng_web.organisation.permissions import permitted

UNUSABLE = 422
Decide = Callable[..., bool]


def _judged(request: HttpRequest, code: str) -> Judged:
    try:
        return judged(request.scope, request.county, code)
    except Run.DoesNotExist:
        raise Http404 from None


@permitted("assessment.declare")
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether a run is to be the county's official one, and make it so."""
    one = _judged(request, code)
    of_approved = one.run.snapshot.ledger is not None
    form = DeclareForm(request.POST if request.method == "POST" else None, of_approved=of_approved)
    told = {"standing": selectors.official_run(request.scope, request.county), "otherwise": otherwise(one)}
    if one.run.official or request.method == "GET" or not form.is_valid():
        return _ask(request, "assessment/declare.html", one, form, **told)
    return _decide(request, one, services.run_declare, form.cleaned_data["note"], "已定为本县的正式评估")


@permitted("assessment.declare")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why a run is to be official no longer, and take it back."""
    one, form = _judged(request, code), WithdrawForm(request.POST or None)
    if not one.run.official or request.method == "GET" or not form.is_valid():
        return _ask(request, "assessment/withdraw.html", one, form)
    return _decide(request, one, services.run_withdraw, form.cleaned_data["note"], "已撤销，不再是正式评估")


def _ask(request: HttpRequest, template: str, one: Judged, form: forms.Form, **told: Any) -> HttpResponse:
    context = {"one": one, "form": form, "runs_url": address(one.county, "runs"), **told}
    return render(request, template, context, status=UNUSABLE if form.errors else 200)


def _decide(request: HttpRequest, one: Judged, decide: Decide, note: str, said: str) -> HttpResponse:
    decide(by=request.scope, run=one.run, note=note)
    messages.success(request, f"{one.run.code} {said}。")
    return redirect("assessment:overview", request.county.code)


@permitted("assessment.schedule")
@require_http_methods(["GET", "POST"])
def review_date(request: HttpRequest) -> HttpResponse:
    """Show who set the day of review to what, and set it."""
    today, last = timezone.localdate(), selectors.review_date(request.scope, request.county)
    form = ReviewDateForm(request.POST or None, today=today, initial={"day": last and last.day})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        services.review_date_set(by=request.scope, county=request.county, day=day)
        messages.success(
            request, f"已定为 {day}，{reviewing.left(day, today)}。" if day else "已取消，现在没有定日期。"
        )
        return redirect("assessment:overview", request.county.code)
    context = {"form": form, "said": selectors.review_dates(request.scope, request.county)}
    return render(request, "assessment/review_date.html", context, status=UNUSABLE if form.errors else 200)
