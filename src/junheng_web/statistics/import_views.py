"""A workbook of statistics forms into the census: what is read, what is not, who is unknown, and what would change."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng.facts.mapped.reading import MappedBook
from junheng_web.collection.exchange import exchanging, importing
from junheng_web.collection.models import Ledger
from junheng_web.collection.pages.plan_tables import plan_table, plan_told
from junheng_web.collection.pages.views import ledger_of
from junheng_web.common.tables import table_response
from junheng_web.evidence import trials
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.naming import alias_confirm
from junheng_web.organisation.permissions import permitted
from junheng_web.statistics import reading, services
from junheng_web.statistics.forms import WorkbookForm
from junheng_web.statistics.marking_views import UNUSABLE, workbook_form

LEFT_OUT = "-"


def census_of(request: HttpRequest, period: str) -> Ledger:
    """Return a period's census ledger. Raises Http404."""
    return ledger_of(request, period, Ledger.Basis.CENSUS)


@permitted("statistics.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, period: str) -> HttpResponse:
    """Take in a workbook for a period's census, and write down which of its forms no mapping knows."""
    ledger, form = census_of(request, period), workbook_form(request)
    if not form.is_valid():
        told = {"ledger": ledger, "form": form}
        return render(request, "statistics/bring.html", told, status=UNUSABLE if form.errors else 200)
    file = form.cleaned_data["file"]
    known = {"name": file.name, "chunks": file.chunks(), "purpose": reading.PURPOSE}
    trial = trials.trial_begin(by=request.scope, county=request.county, ledger=[period, ledger.basis], **known)
    # Why a workbook cannot be read is told by the page that follows.
    with suppress(jh.Unusable):
        seen = reading.unread(reading.read(trial, request.county, reading.year_of(ledger.period)))
        services.forms_see(by=request.scope, county=request.county, file=file.name, seen=seen)
    return redirect(_here(ledger, trial))


def _here(ledger: Ledger, trial: trials.Trial) -> str:
    return reverse("statistics:import_plan", args=[ledger.county.code, ledger.period.code, trial.code])


def _plan(
    request: HttpRequest, ledger: Ledger, trial: trials.Trial
) -> tuple[MappedBook, importing.Plan, list[reading.Unknown]]:
    """Return what was read, what it would change, and the schools that nobody knows. Raises Unusable."""
    book = reading.read(trial, request.county, reading.year_of(ledger.period))
    known = reading.known_on(request.county, ledger.period.counting_date)
    parts, unknown = [], {}
    for part in book.parts:
        facts, strange = reading.resolved(known, part.facts, trial.state.get("left_out", []))
        parts.append(facts)
        unknown |= {one.text: one for one in strange}
    made = importing.plan(request.scope, ledger, *parts)
    made.problems[:0] = [*reading.problems_of(book), *(one.place for one in unknown.values())]
    return book, made, list(unknown.values())


@permitted("statistics.manage")
@require_GET
def plan(request: HttpRequest, period: str, trial: str) -> HttpResponse:
    """Show sheet by sheet what is read, and cell by cell what would change."""
    ledger = census_of(request, period)
    one = exchanging.trial_of(request, ledger, trial, reading.PURPOSE)
    try:
        book, made, unknown = _plan(request, ledger, one)
    except jh.Unusable as error:
        told = {"ledger": ledger, "trial": one, "form": WorkbookForm(), "problems": error.problems}
        return render(request, "statistics/bring.html", told, status=UNUSABLE)
    told = plan_told(request, ledger, made) | _told(one, request.county, book, made, unknown)
    told |= {"ledger": ledger, "trial": one}
    return table_response(request, plan_table(ledger, made), "statistics/import_plan.html", told)


def _told(
    trial: trials.Trial, county: Area, book: MappedBook, made: importing.Plan, unknown: list[reading.Unknown]
) -> dict[str, Any]:
    """Return what the page shows besides the plan: the sheets, what is to be looked at, and whom nobody knows."""
    schools = list(School.objects.of(county).values_list("code", "name"))
    return {
        "sheets": book.sheets,
        "remarks": [remark for part in book.parts for remark in part.facts.remarks],
        "unknown": unknown,
        "schools": schools,
        "left_out": trial.state.get("left_out", []),
        "nothing": not book.parts,
        "wrong": [one for one in made.problems if one not in [each.place for each in unknown]],
    }


@permitted("statistics.manage")
@require_POST
def names(request: HttpRequest, period: str, trial: str) -> HttpResponse:
    """Keep what was said of the schools that nobody knew: each is one of the county's, or is not brought in."""
    ledger = census_of(request, period)
    one = exchanging.trial_of(request, ledger, trial, reading.PURPOSE)
    schools = {school.code: school for school in School.objects.of(request.county).select_related("county")}
    left_out, confirmed = set(one.state.get("left_out", [])), 0
    for name, said in zip(request.POST.getlist("name"), request.POST.getlist("school"), strict=False):
        if said == LEFT_OUT:
            left_out.add(name)
        elif said in schools:
            confirmed += _confirm(request, schools[said], name)
    one.say(left_out=sorted(left_out - set(request.POST.getlist("again"))))
    if confirmed:
        messages.success(request, f"记住了 {confirmed} 个校名，以后不再问。")
    return redirect(_here(ledger, one))


def _confirm(request: HttpRequest, school: School, name: str) -> int:
    """Keep that a name means a school, and return 1; 0, with why, where it cannot."""
    try:
        alias_confirm(by=request.scope, school=school, name=name)
    except ValidationError as why:
        messages.error(request, why.messages[0])
        return 0
    return 1


@permitted("statistics.manage")
@require_POST
def apply(request: HttpRequest, period: str, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    ledger = census_of(request, period)
    one = exchanging.trial_of(request, ledger, trial, reading.PURPOSE)
    try:
        _, made, _ = _plan(request, ledger, one)
    except jh.Unusable:
        return redirect(_here(ledger, one))
    return exchanging.agreed(request, ledger, made, one, _here(ledger, one))
