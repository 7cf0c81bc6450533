"""The calendar of an application: what is next, how many days are left, and its versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.organisation.permissions import permitted
from junheng_web.supervision import calendars
from junheng_web.supervision.paper_forms import CalendarForm, LineForm
from junheng_web.supervision.schedule import Calendar
from junheng_web.supervision.selectors import is_office
from junheng_web.supervision.views import UNUSABLE

SPARE, MOST = 3, 60


def _asked(request: HttpRequest) -> Calendar | None:
    """Return the version that is asked for, or the newest. Raises Http404 for one that there is not."""
    year, version = (request.GET.get(name, "") for name in ("year", "version"))
    if not year:
        return calendars.newest(request.county)
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise Http404
    found = Calendar.objects.visible_to(request.scope).of(request.county).filter(year=int(year))
    wanted = found.filter(version=int(version)) if version.isascii() and version.isdecimal() else found
    if not (one := wanted.first()):
        raise Http404
    return one


@permitted("supervision.view")
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of the newest year, or the version that is asked for."""
    one = _asked(request)
    every = Calendar.objects.visible_to(request.scope).of(request.county)
    told = {
        "calendar": one,
        "lines": calendars.lines(one, timezone.localdate()) if one else [],
        "versions": every,
        "newest": one is None or one == calendars.newest(request.county, one.year),
        "office": is_office(request.scope, request.county),
    }
    return render(request, "supervision/calendar.html", told)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Write a new version of a calendar, beginning with the one that is there, or with the usual steps."""
    one = _asked(request)
    form = CalendarForm(request.POST or None, initial=_begun(one))
    lines = _lines(request, one)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            made = _save(request, form, lines)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已保存 {made}；以前的版本还看得到。")
            return redirect("supervision:calendar", request.county.code)
    status = UNUSABLE if request.method == "POST" else 200
    told = {"form": form, "lines": lines, "calendar": one}
    return render(request, "supervision/calendar_edit.html", told, status=status)


def _begun(one: Calendar | None) -> dict[str, Any]:
    if one is None:
        return {"year": timezone.localdate().year, "version": 0}
    return {"year": one.year, "version": one.version}


def _lines(request: HttpRequest, one: Calendar | None) -> BaseFormSet[LineForm]:
    names = ("name", "start", "end", "materials")
    held = (
        [{**{name: getattr(row, name) for name in names}, "owner": row.owner_id} for row in one.milestones.all()]
        if one
        else [{"name": name} for name in calendars.USUAL]
    )
    made = formset_factory(LineForm, extra=SPARE, max_num=MOST, absolute_max=MOST)
    return made(request.POST or None, initial=held, prefix="line", form_kwargs={"county": request.county})


def _save(request: HttpRequest, form: CalendarForm, lines: BaseFormSet[LineForm]) -> Calendar:
    units, clean = calendars.units_by_id(request.county), form.cleaned_data
    rows = [line.cleaned_data for line in lines if line.cleaned_data]
    rows = [{**row, "owner": units.get(row.get("owner") or 0)} for row in rows]
    told = {"year": clean["year"], "note": clean["note"], "version": clean["version"] or 0}
    return calendars.calendar_save(by=request.scope, county=request.county, rows=rows, **told)
