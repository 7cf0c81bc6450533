"""What the register comes to: school by school, number by number, person by person; and into the present ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from junheng import api as jh
from junheng_web.collection.ledger.periods import Period
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject
from junheng_web.organisation.permissions import permitted
from junheng_web.registers import counting, seeing
from junheng_web.registers.importing import title_of
from junheng_web.registers.models import Register
from junheng_web.registers.views import told

TEACHERS = Register.Name.TEACHERS


def _told(request: HttpRequest) -> dict[str, Any]:
    """Return what the pages of counts show, with the reading that was asked for; the one in force without."""
    readings = jh.school_readings()
    asked = next((one for one in readings if one.id == request.GET.get("reading")), None)
    reading = asked or next(one for one in readings if one.in_force)
    return {**told(request, TEACHERS), "readings": readings, "reading": reading, "today": timezone.localdate()}


@permitted("registers.teachers")
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """Each school: how many people, and in how many numbers the register and the ledgers differ."""
    context, period = _told(request), counting.newest_period(request.county)
    if period is None:
        return render(request, "registers/counts.html", {**context, "period": None})
    beside = counting.beside(period, context["today"], context["reading"].id)
    every = seeing.sees_all(request.scope, request.county, TEACHERS)
    own = seeing.own_schools(request.scope, request.county)
    seen = {code: name for code, name in seeing.school_names(request.county).items() if every or code in own}
    asked = {one.code: one for one in counting.school_forms(period) if one.code in seen}
    lines = dict(zip(asked, beside.lines_of(asked.values()), strict=True))
    schools = [_school(code, name, lines.get(code, [])) for code, name in seen.items()]
    forms = [_form_told(request, one, beside) for one in counting.county_forms(period)] if every else []
    told = {"period": period, "schools": schools, "forms": forms, "silent": beside.silent()}
    return render(request, "registers/counts.html", {**context, **told})


def _school(code: str, name: str, lines: list[counting.Line]) -> dict[str, Any]:
    there = any(line.now is not None for line in lines)
    return {"code": code, "name": name, "lines": lines, "there": there, "differing": sum(one.differs for one in lines)}


def _form_told(request: HttpRequest, one: Subject, beside: counting.Beside) -> dict[str, Any]:
    lines = beside.lines(one)
    fills = counting.fillable(request.scope, one) and any(line.fills for line in lines)
    return {"form": one, "lines": lines, "fills": fills, "seen": counting.seal_of(lines)}


@permitted("registers.teachers")
@require_GET
def school(request: HttpRequest, school: str) -> HttpResponse:
    """A school's numbers beside both ledgers, with the people whom each difference may be about."""
    context = _told(request)
    period, one = _form(request, school)
    beside = counting.beside(period, context["today"], context["reading"].id)
    told = _form_told(request, one, beside)
    schools = seeing.school_names(request.county)
    everybody = counting.belonging(period, context["today"], school, context["reading"].id)
    sections = [
        (line, [_person(each, schools) for each in counting.explained(everybody.to(line.key[2]))])
        for line in told["lines"]
    ]
    return render(request, "registers/school.html", {**context, **told, "period": period, "sections": sections})


def _form(request: HttpRequest, school: str) -> tuple[Period, Subject]:
    """Return the newest period and a school's form in it, where the school's people are for one's eyes."""
    scope, county = request.scope, request.county
    period = counting.newest_period(county)
    seen = seeing.sees_all(scope, county, TEACHERS) or school in seeing.own_schools(scope, county)
    if period is None or not seen:
        raise Http404
    try:
        return period, counting.form_of(period, school)
    except NoSuchForm:
        raise Http404 from None


def _person(one: counting.Person, schools: dict[str, str]) -> dict[str, Any]:
    at = one.row.values.get("census_school_code", "")
    return {
        "row": one.row,
        "title": title_of(TEACHERS, one.row.values),
        "then": one.then,
        "now": one.now,
        "remarks": one.remarks,
        "school": schools.get(at, at),
    }


@permitted("registers.teachers")
@require_GET
def people(request: HttpRequest, school: str, column: str) -> HttpResponse:
    """Everybody who belongs to a school: who counts for a number, who does not, and why."""
    context = _told(request)
    period, one = _form(request, school)
    beside = counting.beside(period, context["today"], context["reading"].id)
    line = next((each for each in beside.lines(one) if each.key[2] == column), None)
    if line is None:
        raise Http404
    schools = seeing.school_names(request.county)
    everybody = counting.belonging(period, context["today"], school, context["reading"].id)
    listed = [_person(each, schools) for each in everybody.to(column)]
    told = {"period": period, "form": one, "line": line, "people": listed}
    return render(request, "registers/people.html", {**context, **told})


@permitted("registers.enter")
@require_POST
def fill(request: HttpRequest, school: str) -> HttpResponse:
    """Put today's counts into the school's form of the present ledger."""
    period, one = _form(request, school)
    _fill(request, period, one)
    return redirect("registers:counts_school", request.county.code, school)


@permitted("registers.enter")
@require_POST
def fill_county(request: HttpRequest, code: str) -> HttpResponse:
    """Put today's counts into a unit's form of the county's items."""
    period = counting.newest_period(request.county)
    every = seeing.sees_all(request.scope, request.county, TEACHERS)
    forms = counting.county_forms(period) if period and every else []
    one = next((one for one in forms if one.code == code), None)
    if period is None or one is None:
        raise Http404
    _fill(request, period, one)
    return redirect("registers:counts", request.county.code)


def _fill(request: HttpRequest, period: Period, one: Subject) -> None:
    now = counting.beside(period, timezone.localdate())
    try:
        saved = counting.counts_fill(by=request.scope, one=one, now=now, seen=request.POST.get("seen", ""))
    except Locked as why:
        messages.error(request, str(why))
        return
    if saved.conflicts:
        messages.error(request, f"有 {len(saved.conflicts)} 格刚被别人改过，没有动它们；请再看一遍。")
    messages.success(request, f"已把 {len(saved.cells)} 个数填进现状口径的填报表，来历写明是台账算出。")
