"""开新学年, page by page: what is said is kept until the last page, where all of it happens at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.collection.ledger import services
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.pages.forms import OpenForm
from junheng_web.collection.pages.newyear_forms import FactsForm, ListsForm, SchoolForm, SummaryForm
from junheng_web.collection.pages.views import UNUSABLE
from junheng_web.collection.shown import year as telling
from junheng_web.collection.years import opening
from junheng_web.collection.years.carrying import facts_asked
from junheng_web.organisation.permissions import permitted


def _page(request: HttpRequest, at: str, told: dict[str, Any], form: Any = None) -> HttpResponse:
    """Show a page of the step, with the way through all of them."""
    template = f"collection/{at}.html"
    told = {"pages": list(telling.pages(at)), "form": form, "before": opening.last_period(request.county), **told}
    return render(request, template, told, status=UNUSABLE if form is not None and form.errors else 200)


def drafted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view what was said so far; where nobody has begun, say that the first page comes first."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        asked = opening.year_draft(request.county)
        return render(request, "collection/year_none.html") if asked is None else view(request, asked)

    return guarded


def _keep(request: HttpRequest, asked: opening.Asked) -> None:
    opening.year_draft_save(by=request.scope, county=request.county, asked=asked)


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the counting date and the document; a county's first year is open at once, a later one step by step."""
    draft = opening.year_draft(request.county)
    initial = {"counting_date": draft.day, "standard": draft.standard} if draft else {}
    form = OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if opening.last_period(request.county) is None:
            return _first(request, form)
        try:
            return _begun(request, draft, form)
        except ValidationError as why:
            form.add_error("counting_date", why)
    return _page(request, "open", {"asked": draft}, form)


def _first(request: HttpRequest, form: OpenForm) -> HttpResponse:
    period = services.period_open(by=request.scope, county=request.county, **form.cleaned_data)
    messages.success(request, f"{period}已经可以填报。")
    return redirect("collection:board", request.county.code, period.code, Ledger.Basis.CURRENT)


def _begun(request: HttpRequest, draft: opening.Asked | None, form: OpenForm) -> HttpResponse:
    told = {**form.cleaned_data, "counting_date": form.cleaned_data["counting_date"].isoformat()}
    _keep(request, replace(draft, **told) if draft else opening.Asked(**told))
    return redirect("collection:year_schools", request.county.code)


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
@drafted
def schools(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Take in, one by one, what becomes of schools; or take one back."""
    county = request.county
    if request.POST.get("remove", "").isdecimal():
        _keep(request, opening.without_school(asked, int(request.POST["remove"])))
        return redirect(request.path)
    before = opening.last_period(county)
    bounds = {"after": before.counting_date, "until": asked.day}
    form = SchoolForm(request.POST or None, schools=opening.schools_meant(county, asked), **bounds)
    if request.method == "POST" and form.is_valid() and _added(request, asked, form):
        return redirect(request.path)
    return _page(request, "year_schools", {"asked": asked, "words": telling.school_words(county, asked)}, form)


def _added(request: HttpRequest, asked: opening.Asked, form: SchoolForm) -> bool:
    """Keep another change where all of them can happen together; else say why not."""
    more = opening.with_school(asked, form.asked())
    try:
        opening.schools_try(by=request.scope, county=request.county, asked=more)
    except ValidationError as why:
        form.add_error(None, why)
        return False
    _keep(request, more)
    return True


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
@drafted
def facts(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Decide, fact by fact, what is done with last year's value."""
    county = request.county
    types = set(opening.schools_after(county, asked).values())
    form = FactsForm(request.POST or None, facts=facts_asked(opening.period_asked(county, asked), types), asked=asked)
    if request.method == "POST" and form.is_valid():
        _keep(request, replace(asked, deeds=form.deeds()))
        return redirect("collection:year_lists", county.code)
    return _page(request, "year_facts", {"asked": asked, "groups": telling.fact_groups(county, asked, form)}, form)


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
@drafted
def lists(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Decide whether classes go a grade further, and whether the former cohort is offered."""
    county = request.county
    last = opening.last_grades_of(county, asked)
    form = ListsForm(request.POST or None, last=last, asked=asked)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("classes", "cohort")}
        _keep(request, replace(asked, **told, last_grades=form.last_grades()))
        return redirect("collection:year_evidence", county.code)
    return _page(request, "year_lists", {"asked": asked, "cohort": telling.cohort_told(county, asked)}, form)


@permitted("collection.manage")
@require_GET
@drafted
def evidence(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Show which of last year's papers still serve, and which are to be renewed."""
    rows = telling.evidence(request.county, asked)
    told = {"asked": asked, "renewed": [row for row in rows if row["state"] == "renewed"], "rows": rows}
    return _page(request, "year_evidence", told)


@permitted("collection.manage")
@require_GET
@drafted
def issues(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Show which issues the new census will judge again; the room of issues tells them."""
    return _page(request, "year_issues", {"asked": asked, "period": opening.period_asked(request.county, asked)})


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
@drafted
def summary(request: HttpRequest, asked: opening.Asked) -> HttpResponse:
    """Show what all of it will come to, and let it happen."""
    county = request.county
    form = SummaryForm(request.POST or None, initial={"freeze": asked.freeze})
    if request.method == "POST" and form.is_valid():
        try:
            wanted = replace(asked, freeze=form.cleaned_data["freeze"])
            period = opening.year_open(by=request.scope, county=county, asked=wanted)
        except ValidationError as why:
            form.add_error(None, why)
        else:
            messages.success(request, f"{period}已经开好，可以填报。沿用上年的数，各校确认以后才能提交。")
            return redirect("collection:board", county.code, period.code, Ledger.Basis.CURRENT)
    return _page(request, "year_summary", {"asked": asked, **telling.summary(county, asked)}, form)


@permitted("collection.manage")
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Forget what was said."""
    opening.year_draft_drop(by=request.scope, county=request.county)
    messages.success(request, "已作废，什么也没有改动。")
    return redirect("collection:newest", request.county.code)
