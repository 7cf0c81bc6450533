"""The two registers: their lists, one row with its history, a row that is typed in, and what deserves a second look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.common.tables import table_response
from junheng_web.organisation.models import Unit
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.registers import seeing, services, telling
from junheng_web.registers.forms import ReadersForm, RowForm
from junheng_web.registers.importing import cells_between, title_of
from junheng_web.registers.models import Register, Row
from junheng_web.registers.saving import Change
from junheng_web.registers.tables import TeachersTable
from junheng_web.registers.values import key_of, table_of

TEACHERS, STAFFING = Register.Name.TEACHERS, Register.Name.STAFFING
UNUSABLE, CONFLICT = 422, 409
PAGES = {
    TEACHERS: {"list": "registers:teachers", "row": "registers:person", "enter": "registers.enter"},
    STAFFING: {"list": "registers:staffing", "row": "registers:post", "enter": "registers.manage"},
}
NOT_OURS = "这张表没有开放给您的单位；要看，请办公室在“哪些单位看”里添上"


def told(request: HttpRequest, name: str) -> dict[str, Any]:
    """Return what every page of a register shows: its words, and whether one may enter something."""
    scope, county = request.scope, request.county
    enters = allowed(PAGES[name]["enter"], scope, county) and seeing.enters(scope, county, name)
    list_url = reverse(PAGES[name]["list"], args=[county.code])
    return {"name": name, "label": Register.Name(name).label, "enters": enters, "list_url": list_url}


@permitted("registers.teachers")
@require_GET
def teachers(request: HttpRequest) -> HttpResponse:
    """List the people whom one may see; those of one school, in one state, or whose name or number holds a text."""
    asked = {name: request.GET.get(name, "").strip() for name in ("school", "duty", "q")}
    schools, places = seeing.school_names(request.county), seeing.place_names(request.county)
    found = seeing.rows_seen(request.scope, request.county, TEACHERS, asked["school"])
    rows = [telling.person_told(row, places) for row in found if _matches(row, asked)]
    every = seeing.sees_all(request.scope, request.county, TEACHERS)
    context = {
        **told(request, TEACHERS),
        "asked": asked,
        "schools": schools.items() if every else (),
        "duties": table_of(TEACHERS).column("duty").choices.items(),
    }
    return table_response(request, TeachersTable(rows, request.county.code), "registers/teachers.html", context)


def _matches(row: Row, asked: dict[str, str]) -> bool:
    named = f"{row.values.get('person_name', '')} {row.key}"
    return asked["duty"] in ("", row.values.get("duty")) and asked["q"].lower() in named.lower()


@permitted("registers.teachers")
@require_GET
def traps(request: HttpRequest) -> HttpResponse:
    """What deserves a second look, trap by trap."""
    found = telling.traps(request.scope, request.county, timezone.localdate())
    return render(request, "registers/traps.html", {**told(request, TEACHERS), "groups": found})


@permitted("registers.staffing")
@require_GET
def staffing(request: HttpRequest) -> HttpResponse:
    """A year of posts, school by school, with what follows; the early signs of posts left unfilled."""
    scope, county = request.scope, request.county
    if not seeing.let_in(scope, county, STAFFING):
        return render(request, "registers/staffing.html", {**told(request, STAFFING), "shut": NOT_OURS})
    rows, schools = seeing.rows_seen(scope, county, STAFFING), seeing.school_names(county)
    years = sorted({row.values["year"] for row in rows}, reverse=True)
    chosen = request.GET.get("year", "")
    year = int(chosen) if chosen.isdecimal() and int(chosen) in years else next(iter(years), 0)
    context = {
        **told(request, STAFFING),
        "years": years,
        "year": year,
        "rows": telling.staffing_rows(rows, schools, year),
        "totals": telling.totals(rows, year),
        "signs": [(school, one) for school, one in telling.signs(rows, schools) if one.year == year],
        "sees_all": seeing.sees_all(scope, county, STAFFING),
        "sets_readers": allowed("registers.readers", scope, county),
    }
    return render(request, "registers/staffing.html", context)


@permitted("registers.readers")
@require_http_methods(["GET", "POST"])
def readers(request: HttpRequest) -> HttpResponse:
    """Say which units read the whole county's 编制台账."""
    form = ReadersForm(request.POST if request.method == "POST" else None, county=request.county)
    if request.method == "POST" and form.is_valid():
        units = list(Unit.objects.of(request.county).filter(code__in=form.cleaned_data["units"]))
        services.readers_set(by=request.scope, county=request.county, units=units)
        messages.success(request, "已保存。")
        return redirect("registers:staffing", request.county.code)
    context = {**told(request, STAFFING), "form": form}
    return render(request, "registers/readers.html", context, status=UNUSABLE if form.errors else 200)


def row(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One row with its history; whoever may change it does so here."""
    one = _row(request, name, key)
    changes = told(request, name)["enters"] and seeing.may_change(request.scope, request.county, name, one.values)
    if request.method == "POST":
        if not changes:
            raise PermissionDenied
        return _entered(request, name, one)
    form = _form(request, name, one) if changes else None
    return render(request, "registers/row.html", _row_told(request, name, one, form))


def _row(request: HttpRequest, name: str, key: str) -> Row:
    seen = seeing.rows_seen(request.scope, request.county, name, gone=True)
    found = next((one for one in seen if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _form(request: HttpRequest, name: str, one: Row | None, data: Any = None) -> RowForm:
    fixed = table_of(name).key if one else ()
    values, county = one.values if one else None, request.county
    names = {"schools": seeing.school_names(county), "places": seeing.place_names(county)}
    return RowForm(data, name=name, values=values, fixed=fixed, **names)


def _row_told(request: HttpRequest, name: str, one: Row, form: RowForm | None) -> dict[str, Any]:
    schools = seeing.place_names(request.county)
    counts = name == TEACHERS and not one.gone
    return {
        **told(request, name),
        "row": one,
        "counted": telling.counted(one, timezone.localdate(), schools) if counts else (),
        "title": title_of(name, one.values, schools),
        "cells": telling.cells_told(name, one, schools),
        "versions": telling.history(one, schools),
        "form": form,
        "revision": one.revision,
    }


def _entered(request: HttpRequest, name: str, one: Row) -> HttpResponse:
    """Write what was typed; what somebody else has changed meanwhile is shown beside it, and nothing is lost."""
    gone, form = "gone" in request.POST, _form(request, name, one, request.POST)
    if not gone and not form.is_valid():
        return render(request, "registers/row.html", _row_told(request, name, one, form), status=UNUSABLE)
    values, seen = one.values if gone else form.values, request.POST.get("revision", "")
    change = Change(one.key, values, gone, int(seen) if seen.isdecimal() else 0)
    if not gone and not seeing.may_change(request.scope, request.county, name, values):
        form.add_error(None, "改了以后，这一行就不归您管了；调动请办公室办理")
        return render(request, "registers/row.html", _row_told(request, name, one, form), status=UNUSABLE)
    saved = services.row_save(by=request.scope, county=request.county, name=name, change=change)
    if saved.conflicts:
        return _beside(request, name, saved.conflicts[0], form)
    messages.success(request, "已移出台账，历史还在。" if gone else "已保存。" if saved.rows else "没有改动。")
    return redirect(request.path)


def _beside(request: HttpRequest, name: str, now: Row, form: RowForm) -> HttpResponse:
    now = _row(request, name, now.key)
    schools, typed = seeing.place_names(request.county), getattr(form, "values", {})
    theirs = cells_between(table_of(name), typed, now.values, schools)
    context = {**_row_told(request, name, now, form), "theirs": theirs}
    return render(request, "registers/row.html", context, status=CONFLICT)


def guard_entering(request: HttpRequest, name: str) -> None:
    """Raise PermissionDenied where a register has no row that one may change."""
    if not seeing.enters(request.scope, request.county, name):
        raise PermissionDenied


def add(request: HttpRequest, name: str) -> HttpResponse:
    """Type in a row that is not there yet, or not any more."""
    guard_entering(request, name)
    form = _form(request, name, None, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = key_of(table_of(name), form.values)
        before = Row.objects.of(request.county).filter(register__name=name, key=key).first()
        if said := _in_the_way(request, name, form, before):
            form.add_error(None, said)
        else:
            change = Change(key, form.values, revision=before.revision if before else 0)
            services.row_save(by=request.scope, county=request.county, name=name, change=change)
            messages.success(request, "已添加。")
            return redirect(PAGES[name]["row"], request.county.code, key)
    status = UNUSABLE if form.errors else 200
    return render(request, "registers/add.html", {**told(request, name), "form": form}, status=status)


def _in_the_way(request: HttpRequest, name: str, form: RowForm, before: Row | None) -> str:
    """Return why a row cannot be added; nothing where it can."""
    scope, county = request.scope, request.county
    if not seeing.may_change(scope, county, name, form.values):
        return "请把统计学校或编制单位填成本校；别的学校的人由那所学校或办公室添加"
    if before and not seeing.may_change(scope, county, name, before.values):
        return "这个工号登记在别的学校；调动请办公室办理"
    return "台账里已经有这一行；请打开那一行修改" if before and not before.gone else ""
